import Inference
import NIOCore

/// What one input of an embedding request is. In a message each input is this byte, the count of its bytes as 32 bits,
/// and the bytes: UTF-8, tokens of 32 bits, or a picture's file. All numbers are little-endian.
private enum EmbeddingInputKind: UInt8 {
    case text
    case tokens
    case image
}

extension EmbeddingRequest {
    /// - Throws: ``InferenceError`` of kind `internal` where the message is not what ``framed()`` makes.
    init(framed message: ByteBuffer) throws {
        var (header, payload) = try FramedMessage.decode(RunnerRoute.EmbeddingInputs.self, from: message)
        // The smallest input has five bytes: the count is no reason to reserve more than came.
        guard (0...payload.readableBytes / 5).contains(header.count) else { throw FramedMessage.cutShort }
        var inputs: [Input] = []
        inputs.reserveCapacity(header.count)
        for _ in 0..<header.count {
            guard let input = payload.readEmbeddingInput() else { throw FramedMessage.cutShort }
            inputs.append(input)
        }
        self.init(inputs: inputs, dimensions: header.dimensions, truncation: header.truncation)
    }

    func framed() throws -> ByteBuffer {
        let header = RunnerRoute.EmbeddingInputs(count: inputs.count, dimensions: dimensions, truncation: truncation)
        let bytes = inputs.reduce(0) { $0 + 5 + $1.byteCount }
        return try FramedMessage.encode(header, payloadBytes: bytes) { buffer in
            for input in inputs { buffer.writeEmbeddingInput(input) }
        }
    }
}

extension EmbeddingRequest.Input {
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .tokens(let tokens): tokens.count * 4
        case .image(let file): file.count
        }
    }

    fileprivate var kind: EmbeddingInputKind {
        switch self {
        case .text: .text
        case .tokens: .tokens
        case .image: .image
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeEmbeddingInput(_ input: EmbeddingRequest.Input) {
        writeInteger(input.kind.rawValue)
        writeInteger(UInt32(input.byteCount), endianness: .little)
        switch input {
        case .text(let text): writeString(text)
        case .tokens(let tokens): for token in tokens { writeInteger(token, endianness: .little) }
        case .image(let file): writeBytes(file)
        }
    }

    /// `nil` where the bytes are no such input, or too few.
    fileprivate mutating func readEmbeddingInput() -> EmbeddingRequest.Input? {
        guard let kind = readInteger(as: UInt8.self).flatMap(EmbeddingInputKind.init),
            let count = readInteger(endianness: .little, as: UInt32.self), var bytes = readSlice(length: Int(count))
        else { return nil }
        switch kind {
        case .text: return bytes.readString(length: bytes.readableBytes).map { .text($0) }
        case .image: return bytes.readBytes(length: bytes.readableBytes).map { .image($0) }
        case .tokens:
            guard count.isMultiple(of: 4) else { return nil }
            var tokens: [Int32] = []
            tokens.reserveCapacity(Int(count) / 4)
            while let token = bytes.readInteger(endianness: .little, as: Int32.self) { tokens.append(token) }
            return .tokens(tokens)
        }
    }
}
