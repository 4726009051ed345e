extension InstalledModel {
    /// About how many bytes of memory the model's process needs at work, with the usual settings: what the catalogue
    /// or the model's own files say, else what its files weigh, and what is computed beside them.
    public var memoryBytes: Int {
        statedMemoryBytes ?? MemoryNeed.estimate(engine: engine, fileBytes: sizeBytes)
    }
}

/// What a model of which only the files are known needs in memory.
enum MemoryNeed {
    /// The process itself, its libraries, and what it computes on beside the weights.
    private static let process = 120 << 20

    /// - Parameter fileBytes: all files of the model together.
    static func estimate(engine: InstalledModel.Engine, fileBytes: Int) -> Int {
        switch engine {
        // Weights are mapped as they are; the cache of keys and values comes on top.
        case .llama: fileBytes + fileBytes / 8 + (256 << 20) + process
        // Weights are unpacked to what the processor computes with, some of them beside the packed ones.
        case .openvino: 2 * fileBytes + process
        case .whisper: fileBytes + fileBytes / 2 + process
        }
    }
}
