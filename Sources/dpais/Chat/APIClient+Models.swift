import Inference
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1
import Runners

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension APIClient {
    /// What the server has in memory.
    func loadedModels() async throws -> [LoadedModel] {
        let reply = try await reply(.GET, "/v1/models/loaded")
        guard reply.status == .ok else { throw try Self.error(in: reply.body) }
        return try JSONDecoder().decode(List.self, from: reply.body).data
    }

    /// Has the server load a model; returns when it is ready.
    ///
    /// - Parameter keepAlive: as `KeepAlive` reads it; `nil` is the server's own.
    func load(_ model: String, keepAlive: String?) async throws -> LoadedModel {
        let body = try keepAlive.map { ByteBuffer(bytes: try JSONEncoder().encode(["keep_alive": $0])) }
        let reply = try await reply(.POST, "/v1/models/\(model)/load", body: body)
        guard reply.status == .ok else { throw try Self.error(in: reply.body) }
        return try JSONDecoder().decode(LoadedModel.self, from: reply.body)
    }

    /// Has the server let go of a model; returns when its process has ended.
    ///
    /// - Returns: whether it was loaded. A server that knows no unloading has nothing to let go of.
    @discardableResult
    func unload(_ model: String) async throws -> Bool {
        guard try await loadedModels().contains(where: { $0.id == model }) else { return false }
        let reply = try await reply(.POST, "/v1/models/\(model)/unload")
        guard (200..<300).contains(reply.status.code) else { throw try Self.error(in: reply.body) }
        return true
    }

    private struct List: Decodable {
        var data: [LoadedModel]
    }
}
