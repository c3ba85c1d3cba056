"""The emotion tab and the nine emotions: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "emotion_run": ("Listen", "开始识别"),
    "emotion_empty": ("The emotion in the voice appears here", "语音情感将显示在这里"),
    "recording": ("Recording", "录音"),
    "granularity": ("Detail", "粒度"),
    "granularity_utterance": ("Whole recording", "整段"),
    "granularity_frame": ("Over time", "逐帧"),
    "embedding": ("Embedding as .npy", "导出特征向量 .npy"),
    "scores": ("Scores", "得分"),
    "timeline": ("Over time", "时间线"),
    "shares": ("Share of the voice", "语音占比"),
    "confidence": ("{percent} sure", "置信度 {percent}"),
    "note_silence": ("No voice was heard in this recording.", "没有听到人声。"),
    "as_json": ("As JSON", "JSON 结果"),
    "download_json": ("JSON", "JSON"),
    "download_csv": ("Scores CSV", "得分 CSV"),
    "download_npy": ("Embedding", "特征向量"),
}

EMOTIONS: dict[str, tuple[str, str, str]] = {
    "angry": ("😠", "Angry", "生气"),
    "disgusted": ("🤢", "Disgusted", "厌恶"),
    "fearful": ("😨", "Fearful", "恐惧"),
    "happy": ("😄", "Happy", "开心"),
    "neutral": ("😐", "Neutral", "中立"),
    "other": ("🤔", "Other", "其他"),
    "sad": ("😢", "Sad", "难过"),
    "surprised": ("😲", "Surprised", "吃惊"),
    "unknown": ("❔", "Unknown", "未知"),
}
