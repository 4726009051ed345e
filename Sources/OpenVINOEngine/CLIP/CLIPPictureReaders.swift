import Inference
import Media
import OpenVINORuntime
import SystemSupport

/// Decodes pictures side by side, on threads of its own.
///
/// No more pictures are in memory with all their pixels than there are threads.
package final class CLIPPictureReaders: Sendable {
    private let lanes: [InferenceLane<CLIPPreprocessor>]
    /// Whose turn it is, and how many threads take turns.
    private let turn: Locked<(next: Int, lanes: Int)>

    package init(_ preprocessor: CLIPPreprocessor, threads: Int) async throws {
        var lanes: [InferenceLane<CLIPPreprocessor>] = []
        for number in 0..<threads { lanes.append(try await InferenceLane("picture \(number)") { preprocessor }) }
        self.lanes = lanes
        turn = Locked((0, threads))
    }

    /// Decodes with so many threads from the next picture on; at least one, at most all.
    package func useThreads(_ count: Int) {
        turn.withLock { $0.lanes = min(max(1, count), lanes.count) }
    }

    /// The vision tower's input for a file.
    ///
    /// - Parameter parameter: names the picture in errors.
    /// - Throws: ``Inference/InferenceError`` of kind `invalidRequest` where the file is no picture that can be read;
    ///   `CancellationError`.
    package func values(of file: [UInt8], parameter: String) async throws -> [Float] {
        let lane = turn.withLock { turn in
            turn.next = (turn.next + 1) % turn.lanes
            return lanes[turn.next]
        }
        return try await lane.run { preprocessor in
            // It may have been cancelled while others were decoded.
            try Task.checkCancellation()
            do throws(PictureFault) {
                return preprocessor.values(of: try preprocessor.picture(from: file))
            } catch {
                throw InferenceError(
                    .invalidRequest, "This picture cannot be read: \(error.reason).", parameter: parameter)
            }
        }
    }
}
