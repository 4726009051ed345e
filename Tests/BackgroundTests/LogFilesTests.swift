import Background
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Log files")
struct LogFilesTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/log"
    }

    private func append(_ text: String) throws {
        if !FileManager.default.fileExists(atPath: path) { _ = try folder.write("log", "") }
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }

    private func text(_ suffix: String = "") -> String? { try? String(contentsOfFile: path + suffix, encoding: .utf8) }

    @Test("A log is put aside once it is large, and the oldest is forgotten")
    func rotates() throws {
        let rotation = LogRotation(limit: 3, kept: 2)
        try append("a")
        try rotation.rotate(path)
        #expect(text() == "a")
        for content in ["one", "two", "three"] {
            try? FileManager.default.removeItem(atPath: path)
            try append(content)
            try rotation.rotate(path)
        }
        #expect(text() == nil && text(".1") == "three" && text(".2") == "two" && text(".3") == nil)
    }

    @Test("What is added is read once, also in the file that takes its place")
    func follows() throws {
        try append("1\n2\n3\n")
        var reader = try LogReader(path)
        #expect(String(decoding: reader.last(2), as: UTF8.self) == "2\n3\n")
        #expect(reader.added().isEmpty)
        try append("4\n")
        #expect(String(decoding: reader.added(), as: UTF8.self) == "4\n")
        try append("5\n")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try append("6\n")
        #expect(String(decoding: reader.added(), as: UTF8.self) == "5\n6\n")
        #expect(reader.added().isEmpty)
    }

    @Test("The last lines of a long log are found")
    func long() throws {
        try append((1...20_000).map { "line \($0)\n" }.joined())
        var reader = try LogReader(path)
        let lines = String(decoding: reader.last(10_000), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 10_000 && lines.first == "line 10001")
    }

    @Test("A log that a process writes is put aside once it is large, and no line is lost")
    func rotatesWhileWritten() throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let other = dup(descriptor)
        defer {
            close(descriptor)
            close(other)
        }
        let rotation = try #require(
            LiveLogRotation(path, descriptors: [descriptor, other], rotation: LogRotation(limit: 12, kept: 8)))
        for number in 1...7 {
            for writer in [descriptor, other] {
                let line = Array("\(number) \(writer == other)\n".utf8)
                #expect(write(writer, line, line.count) == line.count)
                rotation.rotateIfLarge()
            }
        }
        let parts = (1...8).reversed().compactMap { text(".\($0)") } + [text() ?? ""]
        #expect(parts.count > 3 && parts.joined() == (1...7).map { "\($0) false\n\($0) true\n" }.joined())
        #expect(parts.allSatisfy { $0.utf8.count < 12 + 8 })
    }

    @Test("Standard error that leads elsewhere is left alone")
    func elsewhere() throws {
        try append("a log")
        #expect(LiveLogRotation(path, descriptors: [1, 2]) == nil)
        #expect(LiveLogRotation(path + ".none", descriptors: [1, 2]) == nil)
    }
}
