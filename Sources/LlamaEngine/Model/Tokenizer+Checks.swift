import Inference

extension Tokenizer {
    /// - Throws: ``InferenceError`` of kind `invalidRequest` where an id stands for no token.
    func checkVocabulary(_ tokens: some Sequence<Int32>, parameter: String) throws {
        let vocabulary = Int32(clamping: vocabularySize)
        if let token = tokens.filter({ $0 < 0 || $0 >= vocabulary }).min() {
            throw InferenceError(
                .invalidRequest,
                "Token \(token) is not in this model's vocabulary; its ids are 0 to \(vocabulary - 1).",
                parameter: parameter)
        }
    }
}
