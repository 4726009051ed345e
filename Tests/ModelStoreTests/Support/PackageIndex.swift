import Foundation
import ModelStore
import NIOHTTP1
import TestSupport

/// A page of wheels for pip on a local server.
struct PackageIndex {
    /// A file that a wheel holds: its path, and its bytes.
    typealias Member = (path: String, bytes: [UInt8])

    let wheelName: String
    let wheel: [UInt8]

    /// Makes a wheel of the package `tiny`, version 1.0, with these members.
    ///
    /// - Parameters:
    ///   - archive: members of a ZIP archive `tiny/model.zip` in the wheel.
    ///   - tags: as wheels' names end.
    init(_ members: [Member], archive: [Member] = [], tags: String = "py3-none-any") throws {
        wheelName = "tiny-1.0-\(tags).whl"
        var all = members
        if !archive.isEmpty { all.append(("tiny/model.zip", try Self.zip(archive))) }
        let metadata = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        let description = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: \(tags)\n"
        all += [
            ("tiny-1.0.dist-info/METADATA", Array(metadata.utf8)),
            ("tiny-1.0.dist-info/WHEEL", Array(description.utf8)), ("tiny-1.0.dist-info/RECORD", []),
        ]
        wheel = try Self.zip(all)
    }

    /// What the server answers: the page, or the wheel.
    func answer(_ request: FileServer.Request) -> FileServer.Answer {
        guard request.path.hasSuffix(".whl") else {
            let page = "<!DOCTYPE html><html><body><a href=\"/\(wheelName)\">\(wheelName)</a></body></html>"
            return FileServer.Answer(headers: ["content-type": "text/html"], body: Array(page.utf8))
        }
        return FileServer.Answer(body: wheel)
    }

    static func settings(_ server: FileServer) -> DownloadSettings {
        DownloadSettings(
            attempts: 1, firstDelay: .milliseconds(1),
            pipEnvironment: [
                "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "http://127.0.0.1:\(server.port)/",
                "PIP_CONFIG_FILE": "/dev/null",
                "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
            ])
    }

    private struct PythonFailed: Error {}

    private static func zip(_ members: [Member]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        var arguments = [folder.path + "/archive.zip"]
        for (index, member) in members.enumerated() {
            arguments += [member.path, try folder.write("\(index)", member.bytes)]
        }
        let script = """
            import sys, zipfile
            names = sys.argv[2:]
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
                for name, path in zip(names[::2], names[1::2]):
                    archive.write(path, name)
            """
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c", script] + arguments
        try python.run()
        python.waitUntilExit()
        guard python.terminationStatus == 0 else { throw PythonFailed() }
        return try folder.read("archive.zip")
    }
}
