"""The frame of the page: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "name": ("Prewarm", "Prewarm 预热工作室"),
    "purpose": (
        "Cartoon, cut-out and emotion, warm before you click.",
        "人像卡通化、智能抠图、语音情感识别，点击之前已经预热。",
    ),
    "tab_cartoon": ("Cartoon", "卡通化"),
    "tab_matting": ("Cut-out", "抠图"),
    "tab_emotion": ("Emotion", "情感"),
    "sample_title": ("Sample model", "示例模型"),
    "sample_text": (
        "for trying the studio; real weights give far better results. Start with --models hub to fetch them from "
        "ModelScope, or point --cartoon-dir, --matting-dir and --emotion-dir to folders that hold them.",
        "仅供试用，正式权重的效果好得多。用 --models hub 启动即可从魔搭下载，"
        "或用 --cartoon-dir、--matting-dir、--emotion-dir 指定本地模型目录。",
    ),
    "privacy": (
        "Files are deleted after {minutes} minutes. Nothing leaves this server.",
        "文件在 {minutes} 分钟后删除，不会离开本服务器。",
    ),
    "outputs": (
        "Results are also kept on this server in its outputs folder.",
        "结果还会保存在本服务器的输出文件夹中。",
    ),
    "switch_language": ("中文", "EN"),
    "switch_theme_label": ("Light or dark", "浅色或深色"),
}
