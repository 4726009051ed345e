import Foundation
import Runners
import TestSupport
import Testing

@Suite("Sockets of servers that were killed")
struct StaleSocketTests {
    /// No process has this number: they end below.
    private static let gone = 0x3FFF_FFF0

    @Test("go where their server is gone; all other files stay")
    func staleOnesGo() throws {
        let folder = try TemporaryFolder()
        let own = ProcessInfo.processInfo.processIdentifier
        let stale = ["\(Self.gone)-1.sock", "\(Self.gone)-22.sock", "\(own)-3.sock"]
        let kept = ["1-1.sock", "x-1.sock", "\(Self.gone)-x.sock", "\(Self.gone).sock", "-1-1.sock", "server.pid"]
        for name in stale + kept { try folder.write(name, "") }
        let path = folder.path
        #expect(StaleSockets.remove(in: path) == stale.sorted())
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == kept.sorted())
        #expect(StaleSockets.remove(in: path + "/nothing") == [])
    }
}
