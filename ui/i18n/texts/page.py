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
    "forgets": (
        "This browser stores nothing for this page: after a reload, earlier results and settings are not found again.",
        "浏览器没有为本页保存数据：刷新后将找不到历史记录和设置。",
    ),
    "insecure_photo": (
        "The camera needs https or localhost: nginx with TLS or ssh -L, as deploy/README.md says. Files and Ctrl + V "
        "work here.",
        "摄像头需要 https 或 localhost：用带 TLS 的 nginx 或 ssh -L，见 deploy/README.zh-CN.md。"
        "此处可选择文件或按 Ctrl + V 粘贴。",
    ),
    "insecure_recording": (
        "Recording needs https or localhost: nginx with TLS or ssh -L, as deploy/README.md says. Files work here.",
        "录音需要 https 或 localhost：用带 TLS 的 nginx 或 ssh -L，见 deploy/README.zh-CN.md。此处可选择文件。",
    ),
    # Gradio's own key, for which it has no text.
    "image.no_webcam_support": (
        "No camera can be used here: it takes https or localhost, and a browser that offers one.",
        "此处无法使用摄像头：需要 https 或 localhost，以及支持摄像头的浏览器。",
    ),
    "refused_foreign_origin": (
        "The server takes this page for another site's, because a proxy between them changes the host: name the proxy "
        "with --trusted-proxy, or have it send the Host header as it came (nginx: proxy_set_header Host $http_host).",
        "服务器把本页当成了其他网站，因为中间的代理改变了 Host：请用 --trusted-proxy 指定该代理，"
        "或让代理原样转发 Host（nginx：proxy_set_header Host $http_host）。",
    ),
    "refused_too_large": ("This file is larger than the server takes.", "文件超过服务器允许的大小。"),
    "refused_too_slow": ("The upload took too long; try again.", "上传时间过长，请重试。"),
    "refused_disk_full": (
        "The server has no room for uploads just now; try again later.",
        "服务器暂无上传空间，请稍后再试。",
    ),
    "refused_unauthorized": ("Log in anew: load this page again.", "请重新登录：重新加载本页。"),
    "lost_now": (
        "The server does not answer. This page loads itself anew as soon as it does.",
        "服务器没有响应。恢复后本页会自动重新加载。",
    ),
    "lost_before": (
        "The connection to the server was lost, and this page was loaded anew: choose your file again. What was "
        "finished is among Earlier results, unless the server was started anew.",
        "与服务器的连接曾中断，本页已重新加载：请重新选择文件。已完成的结果在「历史记录」中，除非服务器重启过。",
    ),
    "lost_upload": (
        "The file did not reach the server: check the connection and choose it again.",
        "文件未能送达服务器：请检查网络后重新选择。",
    ),
    "dropped_folder": (
        "That is a folder: open it and choose its files, or pack it as a zip, under Many files at once.",
        "这是文件夹：请打开它后选择其中的文件，或打包成 zip，放到「批量处理」。",
    ),
    "dropped_several": (
        "Of several files the first one is taken here. Many files at once takes them all.",
        "这里只处理第一个文件；要全部处理，请用「批量处理」。",
    ),
    "dropped_no_file": (
        "That was text or a link, not a file: save the picture or recording first, or copy the picture itself.",
        "这是文字或链接，不是文件：请先保存图片或录音，或直接复制图片。",
    ),
    "dropped_nowhere": (
        "This tab takes no files: open Cartoon, Cut-out or Emotion.",
        "本页签不接收文件：请打开卡通化、抠图或情感。",
    ),
    "dropped_early": (
        "The file before is still on its way: drop this one again in a moment.",
        "上一个文件还在上传：请稍后再拖放。",
    ),
    "outputs": (
        "Results are also kept on this server in its outputs folder.",
        "结果还会保存在本服务器的输出文件夹中。",
    ),
    "switch_language": ("中文", "EN"),
    "switch_theme_label": ("Light or dark", "浅色或深色"),
}
