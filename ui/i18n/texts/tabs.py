"""What the tabs have in common: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "drop_image": (
        "# Drop a photo here\nor click, paste, or use the camera",
        "# 把照片拖到这里\n也可以点击、粘贴或拍照",
    ),
    "photo": ("Photo", "照片"),
    "format": ("File format", "文件格式"),
    "quality": ("Quality", "质量"),
    "quality_info": ("for jpg and webp", "用于 jpg 和 webp"),
    "view": ("View", "查看"),
    "view_result": ("Result", "结果"),
    "view_compare": ("Before / after", "前后对比"),
    "view_faces": ("Faces found", "检测到的人脸"),
    "view_alpha": ("Alpha", "透明度"),
    "download": ("Download", "下载"),
    "more": ("More settings", "更多设置"),
    "waiting": (
        "The {model} model is {state}. Your file is here and runs the moment the model is ready.",
        "{model}模型{state}。文件已收到，模型就绪后立即处理。",
    ),
    "first_use": (
        "This model is loaded when first used; from then on it is as fast as the others.",
        "该模型首次使用时加载，之后与其他模型一样快。",
    ),
    "unexpected": (
        "Something went wrong on our side. The log knows more; try again, or try another file.",
        "服务器内部出错，详情见日志。请重试或换一个文件。",
    ),
    "gone": (
        "This result is no longer kept. Run it again to change it.",
        "结果已过期，请重新运行后再调整。",
    ),
    "no_file": ("Choose a file first.", "请先选择文件。"),
    "info_decode": ("decode {ms}", "解码 {ms}"),
    "info_model": ("model {ms}", "模型 {ms}"),
    "info_queue": ("queue {ms}", "排队 {ms}"),
    "info_finish": ("finish {ms}", "后处理 {ms}"),
    "info_encode": ("encode {ms}", "编码 {ms}"),
    "info_size": ("{width} × {height} px", "{width} × {height} 像素"),
    "info_sizes": ("photo {before} → {after} px", "照片 {before} → {after} 像素"),
    "info_faces": ("faces: {count}", "人脸 {count}"),
    "info_duration": ("{seconds} s of sound", "时长 {seconds} 秒"),
}
