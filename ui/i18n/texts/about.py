"""About each tab: English, Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "about": ("About this tab", "关于本页"),
    "about_takes": ("Takes", "支持"),
    "about_gives": ("Gives", "结果"),
    "about_helps": ("What helps", "怎样效果更好"),
    "about_takes_image": (
        "{formats}; up to {megabytes} MiB and {megapixels} megapixels, {low} to {high} pixels a side.",
        "{formats}；最大 {megabytes} MiB、{megapixels} 百万像素，每边 {low} 到 {high} 像素。",
    ),
    "about_takes_audio": (
        "{formats}, and the sound of videos (MP4, MOV, AVI, FLV, MPEG-TS); {low} seconds to {minutes} minutes, up to "
        "{megabytes} MiB.",
        "{formats}，以及视频（MP4、MOV、AVI、FLV、MPEG-TS）中的声音；{low} 秒到 {minutes} 分钟，最大 {megabytes} MiB。",
    ),
    "about_gives_cartoon": (
        "A cartoon of the whole picture, each face drawn on its own; at most {side} pixels a side. A small photo stays "
        "small unless you have it enlarged, which adds pixels and no detail.",
        "整幅画面的卡通画，每张人脸单独绘制；最长边 {side} 像素。小图保持原大小；选择放大只增加像素，不增加细节。",
    ),
    "about_gives_matting": (
        "The cut-out at the size of the photo, or cropped to the subject, its alpha, or an ID photo: {count} sizes, or "
        "your own of {low} to {high} mm.",
        "与照片同样大小（或裁剪到主体）的抠图、透明通道，或证件照：{count} 种尺寸，也可自定义 {low} 到 {high} 毫米。",
    ),
    "about_gives_emotion": (
        "The scores of nine emotions, for the whole recording and over time. The model hears the tone of a voice, not "
        "its words; where no emotion is clear, that is said.",
        "九种情绪的得分，包括整段和随时间的变化。模型听的是语气而不是内容；情绪不明显时会直接说明。",
    ),
    "about_helps_cartoon": (
        "Face the camera, the whole head within the frame, in even light. Faces that are very close or wear glasses "
        "may be missed; heads in profile or against the light come out distorted.",
        "正对镜头，头部完整入镜，光线均匀。离镜头过近或戴眼镜时可能检测不到人脸；侧脸和逆光的效果较差。",
    ),
    "about_helps_matting": (
        "A background that differs from hair and clothes, the person whole and in focus. For ID photos: head upright, "
        "space above the hair, both shoulders in the picture.",
        "背景与头发、衣服颜色不同，人物完整、清晰。证件照请保持头部端正，头顶留出空间，双肩入镜。",
    ),
    "about_helps_emotion": (
        "One voice close to the microphone, without music or others talking, for a few seconds at least.",
        "一个人靠近麦克风说话，至少几秒钟，没有音乐和旁人说话。",
    ),
}
