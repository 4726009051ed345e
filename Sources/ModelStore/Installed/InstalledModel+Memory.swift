extension InstalledModel {
    /// About how many bytes of memory the model's process needs at work, with the usual settings: what the catalogue
    /// or the model's own files say, else what its files weigh, and what is computed beside them.
    public var memoryBytes: Int {
        statedMemoryBytes ?? MemoryNeed.estimate(engine: engine, fileBytes: sizeBytes)
    }
}

/// What a model needs in memory, told before it is loaded.
enum MemoryNeed {
    /// The process itself, its libraries, and what it computes on beside the weights.
    private static let process = 120 << 20
    /// Tokens that a request may have where nothing else is set, and what all requests together may keep.
    private static let usualContext = 8192
    private static let cacheBudget = 256 << 20

    /// - Parameter fileBytes: all files of the model together.
    static func estimate(engine: InstalledModel.Engine, fileBytes: Int) -> Int {
        switch engine {
        // Weights are mapped as they are; the cache of keys and values comes on top.
        case .llama: fileBytes + fileBytes / 8 + cacheBudget + process
        // Weights are unpacked to what the processor computes with, some of them beside the packed ones.
        case .openvino: 2 * fileBytes + process
        case .whisper: fileBytes + fileBytes / 2 + process
        }
    }

    /// What the file's own figures make: the weights, mapped as they are, and the cache of keys and values, as large as
    /// the engine makes it.
    ///
    /// - Returns: `nil` where the file does not say how large a token's keys and values are.
    static func ofLlama(_ file: GGUF.Description, fileBytes: Int) -> Int? {
        guard let perToken = file.cacheBytesPerToken, perToken < 1 << 24 else { return nil }
        let context = min(max(file.contextLength ?? usualContext, 256), usualContext)
        let cache = max(context * perToken, min(8 * context * perToken, cacheBudget))
        return fileBytes + fileBytes / 16 + cache + process
    }
}
