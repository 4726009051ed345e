import LlamaEngine

/// A cache of cells that sequences share, kept as strictly as llama.cpp's: it notes every call that its engine would
/// take amiss.
final class ToyContext: DecodingContext {
    struct Shape: Sendable {
        var contextLength = 4096
        var batchCapacity = 64
        var outputCapacity = 64
        var sequenceCapacity = 16
        var canTruncate = true
        /// Cells that the cache has; a shared one counts once.
        var cells = 100_000
        /// Whether answers end by themselves.
        var ends = false
    }

    let contextLength: Int
    let batchCapacity: Int
    let outputCapacity: Int
    let sequenceCapacity: Int
    let canTruncate: Bool

    private final class Cell {
        let token: Int32
        /// Of all tokens up to this one.
        let hash: ToyModel.Hash

        init(_ token: Int32, behind last: Cell?) {
            self.token = token
            var hash = last?.hash ?? ToyModel.Hash()
            hash.add(token)
            self.hash = hash
        }
    }

    private let shape: Shape
    private let probe: ToyProbe
    private var sequences: [[Cell]]
    private var rows: [Int: [Float]] = [:]
    private let row: UnsafeMutableBufferPointer<Float>

    init(_ shape: Shape, _ probe: ToyProbe) {
        self.shape = shape
        self.probe = probe
        contextLength = shape.contextLength
        batchCapacity = shape.batchCapacity
        outputCapacity = shape.outputCapacity
        sequenceCapacity = shape.sequenceCapacity
        canTruncate = shape.canTruncate
        sequences = Array(repeating: [], count: shape.sequenceCapacity)
        row = .allocate(capacity: ToyModel.vocabularySize)
    }

    deinit { row.deallocate() }

    func decode(_ batch: TokenBatch) -> DecodeOutcome {
        check(batch)
        let isFull = !hasRoom(for: batch.count)
        let step = ToyStep(
            advanced: Dictionary(grouping: 0..<batch.count, by: { Int(batch.sequences[$0]) }).map { sequence, indices in
                let cells = sequences[sequence]
                return ToyStep.Advanced(
                    prompt: cells.first?.token ?? batch.tokens[indices[0]], tokens: indices.count,
                    length: cells.count + indices.count)
            }, wasFull: isFull)
        let order = probe.entered(step)
        if isFull { return .cacheFull }
        if order == .fail {
            // What a failure leaves behind nobody knows; here, rubbish.
            for sequence in Set(batch.sequences) { append(-1, to: Int(sequence)) }
            return .failed(code: -3)
        }
        rows = [:]
        for index in 0..<batch.count {
            let sequence = Int(batch.sequences[index])
            let cell = append(batch.tokens[index], to: sequence)
            guard batch.wantsLogits[index] else { continue }
            var logits = [Float](repeating: order == .giveNoScores ? .nan : 0, count: ToyModel.vocabularySize)
            if order != .giveNoScores { logits[Int(cell.hash.next(ends: shape.ends))] = 1 }
            rows[index] = logits
        }
        return .done
    }

    /// A row of embeddings stands for a token by its first number.
    func decode(_ embeddings: EmbeddingBatch) -> DecodeOutcome {
        let width = embeddings.values.count / embeddings.count
        probe.expect(embeddings.count >= 1 && embeddings.count <= batchCapacity, "\(embeddings.count) embeddings")
        probe.expect(sequences[embeddings.sequence].count == embeddings.position, "a position out of line")
        guard hasRoom(for: embeddings.count) else { return .cacheFull }
        for row in 0..<embeddings.count {
            append(
                Int32(embeddings.values[embeddings.values.startIndex + row * width]), to: embeddings.sequence)
        }
        rows = [:]
        return .done
    }

    @discardableResult
    private func append(_ token: Int32, to sequence: Int) -> Cell {
        let cell = Cell(token, behind: sequences[sequence].last)
        sequences[sequence].append(cell)
        return cell
    }

    private func hasRoom(for count: Int) -> Bool {
        // Where there is room for all as if none were shared, they need not be told apart.
        guard shape.canTruncate, sequences.reduce(0, { $0 + $1.count }) + count > shape.cells else { return true }
        return Set(sequences.joined().map(ObjectIdentifier.init)).count + count <= shape.cells
    }

    private func check(_ batch: TokenBatch) {
        probe.expect(batch.count >= 1 && batch.count <= batchCapacity, "a batch of \(batch.count) tokens")
        probe.expect(batch.wantsLogits.count { $0 } <= outputCapacity, "more outputs than there are")
        var lengths = sequences.map(\.count)
        for index in 0..<batch.count {
            let sequence = Int(batch.sequences[index])
            probe.expect(batch.tokens[index] >= 0, "a token that is none")
            probe.expect(Int(batch.positions[index]) == lengths[sequence], "a position out of line")
            lengths[sequence] += 1
            probe.expect(lengths[sequence] <= contextLength, "a sequence beyond the context")
        }
    }

    func logits(at index: Int) -> Logits? {
        guard let values = rows[index] else { return nil }
        _ = row.update(fromContentsOf: values)
        return Logits(row)
    }

    func copyPrefix(of source: Int, to target: Int, length: Int) {
        probe.expect(source != target, "a copy onto itself")
        probe.expect(sequences[target].isEmpty, "a copy onto a sequence that is not empty")
        probe.expect(length <= sequences[source].count, "a copy of more than there is")
        probe.expect(canTruncate || length == sequences[source].count, "a part of what can only be shared whole")
        sequences[target] = Array(sequences[source].prefix(length))
    }

    func truncate(_ sequence: Int, to length: Int) -> Bool {
        probe.expect(length <= sequences[sequence].count || length == 0, "more kept than there is")
        guard canTruncate || length == 0 || length == sequences[sequence].count else { return false }
        sequences[sequence].removeLast(max(0, sequences[sequence].count - length))
        return true
    }

    func setThreads(_ count: Int) { probe.setThreads(count) }
}
