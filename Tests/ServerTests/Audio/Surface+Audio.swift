extension Surface {
    /// Sends a sound of the given file to be written down, with these fields beside it.
    func transcribe(
        _ fields: [FormPart] = [], file: [UInt8] = SoundFiles.wav(), to endpoint: String = "transcriptions",
        base: String = "/v1", pieces size: Int = 1 << 20
    ) async throws -> Reply {
        let parts = [FormPart("file", file), FormPart("model", "listener")] + fields
        return try await send(FormPart.body(parts), to: "\(base)/audio/\(endpoint)", pieces: size)
    }
}
