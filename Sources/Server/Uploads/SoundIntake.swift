/// How sounds that are to be written down come in.
struct SoundIntake: Sendable {
    /// Bytes that a form may have beside the sound's file.
    private static let otherBytes = 1 << 20

    /// Of the file, in bytes.
    let limit: Int
    let timeout: Duration
    /// Where it is kept.
    let folder: UploadFolder

    /// The limits of the whole body.
    var body: BodyIntake {
        BodyIntake(
            limit: limit + Self.otherBytes, timeout: timeout, limitSetting: "server.sound-limit",
            timeoutSetting: "server.upload-timeout")
    }

    /// The field that the file comes in.
    var file: FormField { .upload("file", limit: limit, into: folder) }
}
