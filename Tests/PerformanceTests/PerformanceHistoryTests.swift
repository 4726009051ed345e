import Foundation
import Performance
import TestSupport
import Testing

@Suite("The history of measurements")
struct PerformanceHistoryTests {
    private let parent: TemporaryFolder
    private let folder: URL

    init() throws {
        parent = try TemporaryFolder()
        folder = parent.url.appending(path: "history")
    }

    private var history: PerformanceHistory { PerformanceHistory(folder: folder.path(percentEncoded: false)) }

    private func file(_ model: String = "tiny") -> URL { folder.appending(path: "\(model).jsonl") }

    private func entry(_ time: Int, model: String = "tiny", seconds: [Double] = [1, 2]) -> PerformanceHistory.Entry {
        PerformanceHistory.Entry(
            time: time, version: "1.2.3",
            report: PerformanceReport(
                model: model, result: "Chat performance measured.", loadTime: 0.5, executionTimes: seconds,
                extraMetrics: ExtraMetrics(
                    work: "some", device: "cpu", threads: 2, peakMemoryBytes: 7, executionTime: Spread(seconds),
                    series: [.tokensPerSecond: [3, 4], .timeToFirstToken: [0.25, 0.5]])))
    }

    @Test("gives back what was added, the oldest first, each model's own")
    func roundTrip() throws {
        #expect(history.entries(of: "tiny").isEmpty)
        try history.append(entry(1))
        try history.append(entry(2, model: "other"))
        try history.append(entry(3))
        #expect(history.entries(of: "tiny") == [entry(1), entry(3)])
        #expect(history.entries(of: "other") == [entry(2, model: "other")])
    }

    @Test("keeps the last fifty")
    func limit() throws {
        for time in 1...53 { try history.append(entry(time)) }
        #expect(history.entries(of: "tiny").map(\.time) == Array(4...53))
    }

    @Test(
        "passes over lines that are damaged, and goes on",
        arguments: ["", "{", "null", "{\"time\":1}", "\u{FFFD}\u{0}", "[]", "{\"time\":1,\"version\":2,\"report\":{}}"])
    func damage(line: String) throws {
        try history.append(entry(1))
        let handle = try FileHandle(forUpdating: file())
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((line + "\n").utf8))
        try handle.close()
        #expect(history.entries(of: "tiny") == [entry(1)])
        try history.append(entry(2))
        #expect(history.entries(of: "tiny") == [entry(1), entry(2)])
    }

    @Test("passes over a last line that was cut short, and bytes that are no text")
    func cut() throws {
        try history.append(entry(1))
        try history.append(entry(2))
        let whole = try Data(contentsOf: file())
        try (Data([0xFF, 0xFE, 0x0A]) + whole.dropLast(20)).write(to: file())
        #expect(history.entries(of: "tiny") == [entry(1)])
    }

    @Test("loses nothing where several add at once")
    func atOnce() async throws {
        let history = history
        let entries = (1...16).map { entry($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for entry in entries { group.addTask { try history.append(entry) } }
            try await group.waitForAll()
        }
        #expect(Set(history.entries(of: "tiny").map(\.time)) == Set(1...16))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["tiny.jsonl"])
    }

    @Test("stays in its folder, whatever a model is called")
    func names() throws {
        for name in ["../../outside", "a/b", "ü", ".."] {
            try history.append(entry(1, model: name))
            #expect(history.entries(of: name) == [entry(1, model: name)])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).count == 4)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["history"])
    }

    @Test("says which file it cannot write")
    func refused() throws {
        try Data("a file".utf8).write(to: folder)
        #expect { try history.append(entry(1)) } throws: { error in
            let reason = String(cString: strerror(ENOTDIR))
            return "\(error)".contains("was not remembered") && "\(error)".contains(folder.lastPathComponent)
                && "\(error)".contains(reason)
        }
    }
}

@Suite("A report")
struct PerformanceReportTests {
    @Test("is JSON in the API's names, with the mean of its times")
    func json() throws {
        let report = PerformanceReport(
            model: "tiny", result: "Done.", loadTime: 0.123_456_78, executionTimes: [1, 2.5],
            extraMetrics: ExtraMetrics(
                work: "some", device: "cpu", threads: 2, peakMemoryBytes: nil, executionTime: Spread([1, 2.5]),
                series: [.textsPerSecond: [10, 20]]))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(report), as: UTF8.self)
        let expected = """
            {"average_execution_times":1.75,"execution_times":[1,2.5],"extra_metrics":{"device":"cpu",\
            "execution_time":{"maximum":2.5,"median":1.75,"minimum":1,"standard_deviation":1.0606601717798212},\
            "peak_memory_bytes":null,"texts_per_second":[10,20],"threads":2,"work":"some"},"load_time":0.123457,\
            "model":"tiny","result":"Done.","trials":2}
            """
        #expect(text == expected)
        #expect(try JSONDecoder().decode(PerformanceReport.self, from: Data(text.utf8)) == report)
    }
}
