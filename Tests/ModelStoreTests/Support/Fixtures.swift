import Crypto
import Foundation
import ModelStore
import TestSupport

/// A home in a folder of its own, removed when `body` ends.
func withHome<Result>(_ body: (Home) async throws -> Result) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(Home(root: folder.path))
}

/// What looks like a GGUF file of this many bytes.
func gguf(_ count: Int, seed: UInt8 = 0) -> [UInt8] {
    Array("GGUF".utf8) + (4..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) &+ seed }
}

func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
}

/// A catalogue of the one model `tiny`, alias `small`, from a hub.
func catalogue(bytes: Int? = nil, sha256: String? = nil) throws -> Catalogue {
    let size = bytes.map { ", \"bytes\": \($0)" } ?? ""
    let digest = sha256.map { ", \"sha256\": \"\($0)\"" } ?? ""
    let json = """
        {"id": "tiny", "aliases": ["small"], "name": "Tiny", "capability": "chat", "engine": "llama",
         "ownedBy": "us", "license": "MIT",
         "sources": [{"kind": "hub", "repository": "us/tiny", "revision": "main",
                      "files": [{"name": "tiny.gguf", "path": "tiny.gguf"\(size)\(digest)}]}]}
        """
    return Catalogue(entries: [try JSONDecoder().decode(CatalogueEntry.self, from: Data(json.utf8))])
}

/// One connection a file; with pieces of another size, as many as their number allows, up to four.
func settings(_ server: FileServer, token: String? = nil, pieceBytes: Int? = nil) -> DownloadSettings {
    DownloadSettings(
        hub: "http://127.0.0.1:\(server.port)", hubToken: token, attempts: 3, firstDelay: .milliseconds(1),
        connections: pieceBytes == nil ? 1 : 4, pieceBytes: pieceBytes ?? 8 << 20)
}

/// Everything below the models folder but the store's own empty staging area.
func leftovers(_ home: Home) -> [String] {
    (FileManager.default.subpaths(atPath: home.models) ?? []).filter { $0 != ".staging" }.sorted()
}
