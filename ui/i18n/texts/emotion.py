"""The emotion tab and the nine emotions: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "emotion_run": ("Listen", "开始识别"),
    "emotion_empty": ("The emotion in the voice appears here", "语音情感将显示在这里"),
    "recording": ("Recording", "录音"),
    "examples": ("Or try a synthetic voice (espeak-ng):", "或试听合成语音（espeak-ng）："),
    "example_lively": ("Lively 7 s", "活泼 7 秒"),
    "example_low": ("Low 7 s", "低沉 7 秒"),
    "example_long": ("Moods 35 s", "多变 35 秒"),
    "granularity": ("Detail", "粒度"),
    "granularity_info": (
        "what is shown and saved; long recordings always show their timeline",
        "决定显示和导出的内容；长录音总会显示时间线",
    ),
    "granularity_utterance": ("Whole recording", "整段"),
    "granularity_frame": ("Over time", "逐帧"),
    "embedding": ("Embedding in the JSON too", "JSON 中包含特征向量"),
    "scores": ("Scores", "得分"),
    "timeline": ("Over time", "时间线"),
    "curves": ("Share of every emotion over time", "各情绪随时间的占比"),
    "timeline_hint": (
        "Point at a moment to read it, click to hear it.",
        "指向某一时刻查看详情，点击即可收听。",
    ),
    "segments": ("Segments: {count}", "片段：{count}"),
    "pause": ("pause", "停顿"),
    "shares": ("Share of the voice, by parts:", "各段语音占比："),
    "unclear_close": ("No clear emotion: {names} are close", "情绪不明显：{names}得分接近"),
    "unclear_parts": (
        "No clear emotion: {name} over the whole recording, {parts} by parts",
        "情绪不明显：整段偏{name}，分段偏{parts}",
    ),
    "unclear_weak": (
        "No clear emotion: {name} is strongest, at {percent} only",
        "情绪不明显：{name}最高，仅 {percent}",
    ),
    "by_parts": (
        "By parts most of the voice is {name}: each part is scored on its own, the whole recording once, pauses and "
        "all.",
        "分段来看以{name}为主：各段单独评分，整段录音连同停顿只评一次。",
    ),
    "confidence": ("{percent} sure", "置信度 {percent}"),
    "note_silence": (
        "No voice was heard in this recording: it is silent, or too quiet. Speak closer to the microphone, or choose "
        "another.",
        "没有听到人声：录音无声或音量太低。请靠近麦克风重新录制，或换一个文件。",
    ),
    "remark_silence": ("no voice heard", "没有听到人声"),
    "note_skipped": (
        "{seconds} s of this recording could not be read and were heard as silence.",
        "录音中有 {seconds} 秒无法读取，已按静音处理。",
    ),
    "remark_skipped": ("{seconds} s could not be read", "{seconds} 秒无法读取"),
    "note_missing": (
        "This recording is cut off: {seconds} s that the file announces are not in it. What is there was analysed.",
        "录音不完整：文件标明的时长中有 {seconds} 秒并不在文件里，只分析了现有的部分。",
    ),
    "remark_missing": ("cut off: {seconds} s are missing", "录音不完整：缺少 {seconds} 秒"),
    "note_unended": (
        "This file has no end mark: the end of the recording may be missing. What is there was analysed.",
        "文件没有结束标记，录音的末尾可能缺失，只分析了现有的部分。",
    ),
    "remark_unended": ("no end mark: the end may be missing", "没有结束标记，末尾可能缺失"),
    "as_json": ("As JSON", "JSON 结果"),
    "download_json": ("Result JSON", "结果 JSON"),
    "download_csv": ("Scores CSV", "得分 CSV"),
    "download_npy": ("Embedding .npy", "特征向量 .npy"),
    "download_wav": ("16 kHz WAV", "16 kHz WAV"),
    "download_png": ("Chart PNG", "图表 PNG"),
}

EMOTIONS: dict[str, tuple[str, str]] = {
    "angry": ("Angry", "生气"),
    "disgusted": ("Disgusted", "厌恶"),
    "fearful": ("Fearful", "恐惧"),
    "happy": ("Happy", "开心"),
    "neutral": ("Neutral", "中立"),
    "other": ("Other", "其他"),
    "sad": ("Sad", "难过"),
    "surprised": ("Surprised", "吃惊"),
    "unknown": ("Unknown", "未知"),
}
