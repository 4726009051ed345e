import Inference
import Media

/// A file of sound as far as it has been read and not yet written down.
struct SoundBuffer {
    private let reader: WorkThread<SoundReader>
    private(set) var samples: [Float] = []
    /// Samples of the file before the first that is held.
    private(set) var position = 0
    /// Whether the file holds no more than what is here.
    private(set) var isAtEnd = false

    /// Seconds of the whole file as its head states them.
    let statedSeconds: Double?

    /// - Throws: ``Inference/InferenceError`` of kind `invalidRequest` where the file cannot be read.
    init(path: String) async throws {
        do {
            reader = try await WorkThread("reading sound") { try SoundReader(path: path) }
            statedSeconds = try await reader.run { $0.statedDuration }
        } catch let fault as MediaFault {
            throw Self.refused(fault)
        }
    }

    /// Seconds of sound before the end of what is held.
    var seconds: Double { Double(position + samples.count) / Double(SoundReader.sampleRate) }

    /// Reads until so many samples are held, or the file ends.
    ///
    /// - Throws: ``Inference/InferenceError`` of kind `invalidRequest` where the file is damaged.
    mutating func fill(to count: Int) async throws {
        while !isAtEnd, samples.count < count {
            let missing = count - samples.count
            do {
                let read = try await reader.run { try $0.read(missing) }
                isAtEnd = read.isEmpty
                samples += read
            } catch let fault as MediaFault {
                throw Self.refused(fault)
            }
        }
    }

    /// Lets go of so many samples, or of all that are held.
    mutating func drop(_ count: Int) {
        let count = min(count, samples.count)
        samples.removeFirst(count)
        position += count
    }

    private static func refused(_ fault: MediaFault) -> InferenceError {
        InferenceError(.invalidRequest, "This sound cannot be read: \(fault.reason).", parameter: "file")
    }
}
