/// How large a model's cache of keys and values is, and how it is shared.
package struct CachePlan: Sendable, Equatable {
    /// Tokens that one request may have, prompt and answer together.
    package var contextLength: Int
    /// Tokens that the cache holds for all sequences together; at least `contextLength`.
    package var cells: Int
    /// Sequences that the cache tells apart: those that run, and those kept to be continued.
    package var sequences: Int
    /// Tokens of one evaluation.
    package var batchCapacity: Int
    /// Tokens of one evaluation that may yield a next token: of answers, of drafts, of prompts that are scored.
    package var outputCapacity: Int

    /// - Parameters:
    ///   - requestedContext: tokens a request may have; 0 is as many as the model was trained on, up to `defaultContext`.
    ///   - parallel: requests computed side by side.
    ///   - budgetBytes: what the cache may take beyond what one request needs.
    package init(
        trainedContext: Int, requestedContext: Int, parallel: Int, bytesPerToken: Int, budgetBytes: Int,
        canTruncate: Bool
    ) {
        let trained = max(trainedContext, 256)
        contextLength = requestedContext > 0 ? min(requestedContext, trained) : min(trained, Self.defaultContext)
        let affordable = budgetBytes / max(bytesPerToken, 1)
        cells = max(contextLength, min(contextLength * parallel, affordable))
        // llama.cpp rounds the cache up to whole blocks of 256.
        cells = (cells + 255) / 256 * 256
        // State that cannot be shared costs its full size for each sequence, so none is kept beyond what runs.
        sequences = canTruncate ? min(parallel * 2, 64) : parallel
        batchCapacity = min(512, cells)
        outputCapacity = max(64, parallel)
    }

    package static let defaultContext = 8192
}
