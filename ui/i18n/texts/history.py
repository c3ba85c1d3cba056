"""Earlier results: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "history": ("Earlier results", "历史记录"),
    "history_note": (
        "Seen by you alone, in this browser. Everything here is deleted {minutes} minutes after its last use.",
        "仅你在本浏览器中可见，最后一次使用 {minutes} 分钟后全部删除。",
    ),
    "history_empty": ("Nothing yet.", "暂无记录。"),
    "history_open": ("Open", "打开"),
    "history_rerun": ("Use settings", "应用设置"),
    "history_rerun_title": ("Run these settings on the file now in the tab", "用这些设置处理当前文件"),
    "history_delete": ("Delete", "删除"),
    "history_clear": ("Delete all", "全部删除"),
    "history_now": ("just now", "刚刚"),
    "history_ago": ("{count} min ago", "{count} 分钟前"),
}
