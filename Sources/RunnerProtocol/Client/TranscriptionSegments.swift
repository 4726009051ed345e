import AsyncHTTPClient
import Inference
import NIOCore
import NIOFoundationEssentialsCompat

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The segments of one transcription as they come from its runner.
public struct TranscriptionSegments: AsyncSequence, Sendable {
    public typealias Element = TranscriptionSegment
    public typealias Failure = any Error

    let body: HTTPClientResponse.Body

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks: body.makeAsyncIterator()) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: HTTPClientResponse.Body.AsyncIterator
        private var buffer = ByteBuffer()

        init(chunks: HTTPClientResponse.Body.AsyncIterator) {
            self.chunks = chunks
        }

        public mutating func next() async throws -> TranscriptionSegment? {
            while true {
                if let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
                    let line = buffer.readSlice(length: end - buffer.readerIndex)
                {
                    buffer.moveReaderIndex(forwardBy: 1)
                    let value = try JSONDecoder().decode(
                        RunnerRoute.SegmentLine.self, from: Data(line.readableBytesView))
                    if let error = value.error { throw error }
                    if let segment = value.segment { return segment }
                    continue
                }
                guard var chunk = try await nextChunk() else { return nil }
                buffer.writeBuffer(&chunk)
            }
        }

        private mutating func nextChunk() async throws -> ByteBuffer? {
            do {
                return try await chunks.next()
            } catch {
                if Task.isCancelled { throw CancellationError() }
                throw RunnerConnection.lost
            }
        }
    }
}
