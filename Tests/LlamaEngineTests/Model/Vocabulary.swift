import Foundation
import LlamaEngine
import Synchronization

/// A vocabulary that comes with the engine for tests, read once for all of them.
struct Vocabulary: Sendable {
    let model: LlamaModel
    let tokenizer: Tokenizer

    private static let known = Mutex<[String: Vocabulary]>([:])

    /// - Parameter name: of a file in ``EngineFiles/folder``.
    static func named(_ name: String) throws -> Vocabulary {
        try known.withLock { known in
            if let vocabulary = known[name] { return vocabulary }
            let path = EngineFiles.folder.appending(path: name).path(percentEncoded: false)
            let model = try LlamaModel(vocabularyPath: path)
            let vocabulary = Vocabulary(model: model, tokenizer: Tokenizer(model))
            known[name] = vocabulary
            return vocabulary
        }
    }
}
