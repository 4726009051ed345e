import Hummingbird
import Inference
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

enum TranscriptionRoute {
    static func add(_ engine: some TranscriptionEngine, to router: Router<RunnerContext>) {
        router.post(RouterPath(RunnerRoute.transcription)) { request, context in
            try await answering {
                let (header, samples) = try FramedMessage.decode(
                    TranscriptionRequest.self, from: try await request.bytes(context))
                let segments = try await cancellingOnClose(of: context.channel) {
                    try await engine.transcribe(header, samples: FramedMessage.floats(samples))
                }
                return Response(
                    status: .ok, headers: [.contentType: "application/x-ndjson"],
                    body: .init { writer in
                        try await cancellingOnClose(of: context.channel) {
                            try await write(segments, to: &writer)
                        }
                        try await writer.finish(nil)
                    })
            }
        }
    }

    private static func write(
        _ segments: some AsyncSequence<TranscriptionSegment, any Error>, to writer: inout any ResponseBodyWriter
    ) async throws {
        do {
            for try await segment in segments { try await writer.write(line(.init(segment: segment))) }
        } catch let error as InferenceError {
            try await writer.write(line(.init(error: error)))
        }
    }

    private static func line(_ value: RunnerRoute.SegmentLine) throws -> ByteBuffer {
        var line = ByteBuffer(bytes: try JSONEncoder().encode(value))
        line.writeInteger(UInt8(ascii: "\n"))
        return line
    }
}
