"""ID photos: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "id_size": ("Size", "尺寸"),
    "id_size_cn_1": ("1 inch (China) · 25 × 35 mm · 295 × 413 px", "一寸 · 25 × 35 毫米 · 295 × 413 像素"),
    "id_size_cn_1_small": ("Small 1 inch · 22 × 32 mm · 260 × 378 px", "小一寸 · 22 × 32 毫米 · 260 × 378 像素"),
    "id_size_cn_1_large": ("Large 1 inch · 33 × 48 mm · 390 × 567 px", "大一寸 · 33 × 48 毫米 · 390 × 567 像素"),
    "id_size_cn_2": ("2 inch (China) · 35 × 49 mm · 413 × 579 px", "二寸 · 35 × 49 毫米 · 413 × 579 像素"),
    "id_size_cn_2_small": ("Small 2 inch · 35 × 45 mm · 413 × 531 px", "小二寸 · 35 × 45 毫米 · 413 × 531 像素"),
    "id_size_cn_card": ("Chinese ID card · 26 × 32 mm · 358 × 441 px", "身份证 · 26 × 32 毫米 · 358 × 441 像素"),
    "id_size_cn_passport": (
        "Chinese passport, visa · 33 × 48 mm · 390 × 567 px",
        "中国护照、签证 · 33 × 48 毫米 · 390 × 567 像素",
    ),
    "id_size_icao": (
        "Passport (ICAO), Schengen, UK · 35 × 45 mm · 413 × 531 px",
        "护照（ICAO）、申根、英国 · 35 × 45 毫米 · 413 × 531 像素",
    ),
    "id_size_us": ("US passport, visa · 2 × 2 in · 600 × 600 px", "美国护照、签证 · 2 × 2 英寸 · 600 × 600 像素"),
    "id_size_canada": ("Canada · 50 × 70 mm · 591 × 827 px", "加拿大 · 50 × 70 毫米 · 591 × 827 像素"),
    "id_size_cv": ("CV · 30 × 40 mm · 354 × 472 px", "简历 · 30 × 40 毫米 · 354 × 472 像素"),
    "id_size_own": ("Own size", "自定义尺寸"),
    "id_width": ("Width", "宽"),
    "id_height": ("Height", "高"),
    "id_unit": ("Unit", "单位"),
    "id_unit_mm": ("mm", "毫米"),
    "id_unit_px": ("px", "像素"),
    "id_white": ("White", "白底"),
    "id_blue": ("Blue", "蓝底"),
    "id_red": ("Red", "红底"),
    "id_zoom": ("Head size", "头部大小"),
    "id_shift": ("Move down", "上下位置"),
    "id_limit": ("File at most, KB", "文件大小上限（KB）"),
    "id_limit_info": ("0: no limit", "0 表示不限制"),
    "paper": ("Paper", "相纸"),
    "paper_6in": ("4 × 6 in · 152 × 102 mm", "6 寸 · 152 × 102 毫米"),
    "paper_5in": ("3.5 × 5 in · 127 × 89 mm", "5 寸 · 127 × 89 毫米"),
    "paper_a4": ("A4 · 210 × 297 mm", "A4 · 210 × 297 毫米"),
    "note_id_unsure": (
        "The chin is hidden in the outline, so the size of the head is an estimate: check it, and set the head size.",
        "轮廓中看不出下巴位置，头部大小为估计值，请检查并用滑块调整。",
    ),
    "note_id_face": (
        "The outline (hair, a beard, arms, a second person) does not show the head: it is placed by the face.",
        "轮廓（头发、胡须、手臂或旁人）看不出头部，已按人脸定位。",
    ),
    "note_id_short": (
        "The photo ends above the lower edge: make the head larger, move it down, or use a photo that shows more.",
        "照片下方不够长：请放大头部、下移，或换一张身体更完整的照片。",
    ),
    "note_id_soft": (
        "The head is small in the photo: it is enlarged {times} times and looks soft.",
        "照片中的头部较小，放大了 {times} 倍，会有些模糊。",
    ),
    "note_id_webp": (
        "ID photos are saved as jpg: webp carries no print size.",
        "证件照保存为 jpg：webp 不含打印尺寸。",
    ),
    "note_id_limit": (
        "{limit} KB cannot be met: even the lowest quality takes {size} KB.",
        "无法压缩到 {limit} KB：最低质量仍有 {size} KB。",
    ),
    "note_id_limit_png": (
        "The png takes {size} KB, more than {limit}: choose jpg, whose quality can be lowered.",
        "png 文件有 {size} KB，超过 {limit} KB：请改用可压缩的 jpg。",
    ),
    "info_quality": ("jpg quality {quality}", "jpg 质量 {quality}"),
    "info_copies": ("{count} photos", "{count} 张"),
}
