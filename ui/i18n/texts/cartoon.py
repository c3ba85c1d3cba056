"""The cartoon tab: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "cartoon_run": ("Draw the cartoon", "生成卡通"),
    "cartoon_empty": ("Your cartoon appears here", "卡通画将显示在这里"),
    "style": ("Style", "风格"),
    "style_info": (
        "Tile pictures: our sample models on a drawn face.",
        "图块示意：本项目示例模型绘制的虚构人脸。",
    ),
    "style_needs_hub": ("needs the hub", "需从魔搭下载"),
    "style_stage": ("{name}: {stage}", "{name}：{stage}"),
    "style_bytes": ("{text} {done} of {total} MB", "{text} {done} / {total} MB"),
    "style_anime": ("Anime", "日漫"),
    "style_3d": ("3D", "3D"),
    "style_handdrawn": ("Hand-drawn", "手绘"),
    "style_sketch": ("Sketch", "素描"),
    "style_artstyle": ("Painting", "艺术"),
    "style_sd-design": ("Design", "扁平设计"),
    "style_sd-illustration": ("Illustration", "插画"),
    "strength": ("Strength", "强度"),
    "strength_info": ("how much of the cartoon shows over the photo", "卡通效果叠加在原图上的程度"),
    "resolution": ("Longest side", "最长边"),
    "resolution_info": ("pixels; small photos stay small", "像素；小图不会放大"),
    "enlarge": ("Enlarge small photos", "放大小图"),
    "enlarge_info": ("up to the longest side; more pixels, no more detail", "放大到最长边；只增加像素，不增加细节"),
    "info_enlarged": ("enlarged from {side} px", "由 {side} 像素放大"),
    "remark_no_face": ("no face found", "未检测到人脸"),
    "note_no_face": (
        "No face was found, so the whole picture was drawn as background. A frontal face that fills a good part of the "
        "picture works best.",
        "未检测到人脸，整幅图按背景绘制。正面且占画面较大的人脸效果最好。",
    ),
    "note_faces": (
        "Faces found: {count}. Each was drawn on its own.",
        "检测到 {count} 张人脸，均已单独绘制。",
    ),
    "note_small_face": (
        "Faces too small to be drawn on their own: {count} of {all}. Crop closer for more detail.",
        "{all} 张人脸中有 {count} 张太小，未单独绘制。裁剪得更近可获得更多细节。",
    ),
}
