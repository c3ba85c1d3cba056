"""Many files at once: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "batch": ("Many files at once", "批量处理"),
    "batch_files": ("Files or a zip", "文件或 zip 压缩包"),
    "batch_hint_cartoon": (
        "Up to {limit} photos, or a zip of them, all drawn with the settings above.",
        "最多 {limit} 张照片，也可以是 zip 压缩包，全部使用上面的设置。",
    ),
    "batch_hint_matting": (
        "Up to {limit} photos, or a zip of them, all cut out with the settings above.",
        "最多 {limit} 张照片，也可以是 zip 压缩包，全部使用上面的设置。",
    ),
    "batch_hint_emotion": (
        "Up to {limit} recordings, or a zip of them, all heard with the settings above.",
        "最多 {limit} 段录音，也可以是 zip 压缩包，全部使用上面的设置。",
    ),
    "batch_start": ("Start", "开始"),
    "batch_cancel": ("Stop", "停止"),
    "batch_resume": ("Go on", "继续"),
    "batch_retry": ("Try failed files again", "重试失败的文件"),
    "batch_new": ("New batch", "新的批次"),
    "batch_zip": ("Download all as zip", "打包下载 zip"),
    "batch_count": ("{done} of {total}", "{done} / {total}"),
    "batch_failed": ("{count} failed", "{count} 个失败"),
    "batch_left": ("about {time} left", "约剩 {time}"),
    "batch_stopping": ("stopping after this file", "完成当前文件后停止"),
    "batch_stopped": ("Stopped: what is done is kept.", "已停止，完成的结果会保留。"),
    "batch_finished": ("Done.", "已完成。"),
    "batch_progress": ("Progress of the batch", "批量进度"),
    "batch_item_waiting": ("waiting", "等待中"),
    "batch_item_running": ("in work", "处理中"),
    "batch_item_done": ("done", "完成"),
    "batch_item_failed": ("failed", "失败"),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{count} min", "{count} 分钟"),
}
