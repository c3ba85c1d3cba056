// Large photos are made smaller before they are sent: the models see no more than this, and phones send five times less.
// Whatever goes wrong, the file goes out as it is; the server has its own limits.
(() => {
  const LONGEST = 2048;
  const QUALITY = 0.95;
  // What the browser writes for what it read. GIFs stay: they are small, and most of them are no photos.
  const KINDS = { "image/jpeg": "image/jpeg", "image/png": "image/png", "image/webp": "image/webp" };
  const FROM_PHONES = /^image\/hei[cf]$/; // read by Safari alone, and always turned into JPEG
  const ENDINGS = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

  // Browsers that guard against being recognised hand out white or noise for what was drawn. A pattern that comes back
  // otherwise than it was drawn tells so, and one pixel is enough: no photo is worth sending then.
  const SIDE = 64;
  const pattern = () => {
    const image = new ImageData(SIDE, SIDE);
    const byte = (at) => (at % 4 === 3 ? 255 : (at * 37 + (at >> 8) * 101) % 256);
    image.data.forEach((_, at) => (image.data[at] = byte(at)));
    return image;
  };
  const context = (side) => Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
  const comesBack = async () => {
    const [drawn, read, wanted] = [context(SIDE), context(SIDE), pattern()];
    drawn.putImageData(wanted, 0, 0);
    read.drawImage(await createImageBitmap(await encoded(drawn.canvas, "image/png")), 0, 0);
    const found = read.getImageData(0, 0, SIDE, SIDE).data;
    return wanted.data.every((byte, at) => byte === found[at]);
  };
  let honest; // asked once, with the first photo that is too large
  const isHonest = () => (honest ??= comesBack().catch(() => false));

  const drawn = (bitmap, scale) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const encoded = (canvas, kind) => new Promise((done) => canvas.toBlob(done, kind, QUALITY));

  const shrunk = async (file) => {
    const phone = FROM_PHONES.test(file.type);
    const kind = phone ? "image/jpeg" : KINDS[file.type];
    if (!kind) return file;
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
      if ((scale === 1 && !phone) || !(await isHonest())) return file;
      const blob = await encoded(drawn(bitmap, scale), kind);
      if (!ENDINGS[blob.type]) return file;
      return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.${ENDINGS[blob.type]}`, { type: blob.type });
    } finally {
      bitmap.close();
    }
  };

  // One at a time: fifty decoded photos would not fit into a phone.
  const smaller = async (form) => {
    const next = new FormData();
    for (const [name, value] of form) {
      next.append(name, value instanceof File ? await shrunk(value).catch(() => value) : value);
    }
    return next;
  };

  const send = window.fetch;
  window.fetch = async (address, options) => {
    const path = new URL(address.url ?? address, document.baseURI).pathname;
    if (!path.endsWith("/gradio_api/upload") || !(options?.body instanceof FormData)) return send(address, options);
    return send(address, { ...options, body: await smaller(options.body) });
  };
})();
