"""The states of the models, in the strip and on the Status tab: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "tab_status": ("Status", "状态"),
    "state_pending": ("waiting", "等待中"),
    "state_fetching": ("fetching", "下载中"),
    "state_loading": ("loading", "加载中"),
    "state_warming": ("warming up", "预热中"),
    "state_ready": ("ready", "就绪"),
    "state_failed": ("failed", "失败"),
    "state_unreachable": ("no connection", "无法连接"),
    "models_label": ("Models", "模型"),
    "loading_note": (
        "This model is still warming up. Go ahead: your file is taken now and runs the moment the model is ready.",
        "模型正在预热，可以直接上传：就绪后会立即处理。",
    ),
    "fetching_note": (
        "This model is being fetched: {done} of {total}. Go ahead: your file is taken now and runs the moment the "
        "model is ready.",
        "模型正在下载：{done} / {total}。可以直接上传：就绪后会立即处理。",
    ),
    "failed_note": (
        "This model could not be loaded; the Status tab says why. The other tabs work.",
        "该模型加载失败，原因见“状态”页，其他功能不受影响。",
    ),
    "status_hint": (
        "Each model is loaded and warmed up once, before anyone clicks, and stays in memory.",
        "每个模型只加载、预热一次，在任何人点击之前完成，之后常驻内存。",
    ),
    "status_stages": ("Seconds from start to ready", "从启动到就绪的用时"),
    "status_slow": (
        "This start took {times} times as long as usual. The log names the stage.",
        "本次启动用时是平时的 {times} 倍，详情见日志。",
    ),
    "status_fetching": ("fetch", "获取"),
    "status_loading": ("load", "加载"),
    "status_warming": ("warm up", "预热"),
    "status_bytes": ("{done} of {total}", "{done} / {total}"),
    "status_model": ("Model", "模型"),
    "status_source": ("Weights from", "权重来源"),
    "status_revision": ("Revision", "版本"),
    "status_engine": ("Engine", "引擎"),
    "status_memory": ("Memory", "内存"),
    "status_served": ("Answered", "已处理"),
    "status_first": ("First answer", "首次用时"),
    "status_median": ("Median answer", "中位用时"),
    "status_queue": ("Queue", "队列"),
    "status_queue_text": ("{running} running, {waiting} waiting", "运行 {running}，等待 {waiting}"),
    "status_licence": ("Licence", "许可证"),
    "source_folder": ("given folder", "指定目录"),
    "source_cache": ("ModelScope cache", "魔搭缓存"),
    "source_hub": ("ModelScope hub", "魔搭下载"),
    "source_sample": ("sample model", "示例模型"),
}
