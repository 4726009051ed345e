import Background
import Foundation
import TestSupport
import Testing

@Suite("RecordFile")
struct RecordFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/record"
    }

    @Test("Nobody has a file that is not there, nor one that a dead server left")
    func stale() throws {
        #expect(RecordFile(path).holder() == nil)
        try Data(#"{"process": 1, "version": "0", "started": 0, "keeper": "background", "arguments": []}"#.utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(RecordFile(path).holder() == nil)
        try Data("rubbish".utf8).write(to: URL(fileURLWithPath: path))
        #expect(RecordFile(path).holder() == nil)
    }

    @Test("A file that was taken is removed when it is given back, whoever still refers to it")
    func given() throws {
        let held = try #require(try RecordFile(path).take())
        let record = ServerRecord(process: 1, version: "0", started: 0, keeper: .terminal)
        try held.write(record)
        #expect(FileManager.default.fileExists(atPath: path))
        held.giveBack()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: BackgroundError.self) { try held.write(record) }

        // The next one's is left alone.
        let next = try #require(try RecordFile(path).take())
        held.giveBack()
        #expect(FileManager.default.fileExists(atPath: path))
        next.giveBack()
    }

    @Test("A file that was taken is removed with the last reference to it")
    func dropped() throws {
        do {
            let held = try #require(try RecordFile(path).take())
            try held.write(ServerRecord(process: 1, version: "0", started: 0, keeper: .terminal))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("Where no file can be made, the error says so")
    func nowhere() {
        #expect(throws: BackgroundError.self) { _ = try RecordFile("/nonexistent/x").take() }
    }
}
