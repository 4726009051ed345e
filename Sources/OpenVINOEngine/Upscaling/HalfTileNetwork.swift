import HalfNetworks
import Inference
import Media
import OpenVINORuntime
import SystemSupport

/// A network that is computed in binary16, on CPUs that do so faster than anything else. Where its numbers leave the range
/// of binary16, which none of the published networks' do, its graph takes over.
final class HalfTileNetwork: TileNetwork {
    private let lane: InferenceLane<Computation>
    private let threads: Locked<Int>
    private let scale: Int
    private let log: Log
    private let makeGraph: @Sendable () async throws -> any TileNetwork
    /// What has taken over.
    private let graph = Locked<(any TileNetwork)?>(nil)

    /// The network for as long as it is used; of one lane.
    private final class Computation {
        var upscaler: Upscaler?

        init(_ upscaler: Upscaler) { self.upscaler = upscaler }
    }

    private struct NotComputable: Error {}

    /// - Parameter graph: makes the network that takes over.
    /// - Returns: `nil` where the network is none that is computed so, or the machine or the settings ask for other numbers.
    /// - Throws: ``Inference/InferenceError``.
    init?(
        _ configuration: OpenVINOEngine.Configuration, scale: Int, log: @escaping Log,
        graph: @escaping @Sendable () async throws -> any TileNetwork
    ) async throws {
        guard configuration.computesInHalf else { return nil }
        let (folder, threads) = (configuration.folder, configuration.maximumThreads)
        do {
            lane = try await InferenceLane("upscaling") {
                let team = ComputeTeam(threads: threads)
                guard let upscaler = try Upscaler(folder: folder, scale: scale, team: team) else {
                    throw NotComputable()
                }
                return Computation(upscaler)
            }
        } catch is NotComputable {
            return nil
        }
        self.threads = Locked(configuration.threads)
        self.scale = scale
        self.log = log
        makeGraph = graph
    }

    var name: String { graph.withLock { $0?.name } ?? HalfArithmetic.name }
    var device: String { graph.withLock { $0?.device } ?? "cpu" }

    func enlarge(_ picture: Picture) async throws -> Picture {
        let pixels = try await lane.run { [self] computation in
            // It may have been cancelled while others had their turns.
            try Task.checkCancellation()
            let pixels = computation.upscaler?.enlarge(
                picture.pixels, width: picture.width, height: picture.height, threads: threads.withLock { $0 })
            if pixels == nil { computation.upscaler = nil }
            return pixels
        }
        guard let pixels else { return try await takeOver().enlarge(picture) }
        return Picture(
            width: scale * picture.width, height: scale * picture.height, channels: .rgb, pixels: pixels)
    }

    private func takeOver() async throws -> any TileNetwork {
        if let graph = graph.withLock({ $0 }) { return graph }
        log(.warning, "The network's numbers leave the range of 16 bits; it is computed in 32 from now on.")
        let made = try await makeGraph()
        // Of two tiles that found it out together, one keeps its network.
        let kept = graph.withLock { graph in
            let kept = graph ?? made
            graph = kept
            return kept
        }
        kept.setThreads(threads.withLock { $0 })
        return kept
    }

    func setThreads(_ count: Int) {
        threads.withLock { $0 = count }
        graph.withLock { $0 }?.setThreads(count)
    }
}
