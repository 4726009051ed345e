import ArgumentParser
import Console
import ModelStore
import Performance
import Server

struct ModelPerformance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "performance",
        abstract: "Measure how fast a model is here, and compare with the last time.",
        discussion: """
            The model is loaded anew and does a fixed piece of work: once to warm up, then once a trial. A chat model \
            reads a prompt and answers, an embedding model embeds texts (and pictures, if it sees), a speech model writes \
            down a recording, an image model enlarges a picture. Uses the running server, or where there is none a process \
            of its own. The last \(PerformanceHistory.kept) runs of each model are remembered.

            Examples:
              dpais model performance smollm2-135m
              dpais model performance whisper-base --trials 10
              dpais model performance smollm2-135m --history
            """)

    @Argument(help: "An installed model; the default model where none is named.")
    var name: String?

    @Option(name: .customLong("model"), help: "The model, as an option.")
    var modelOption: String?

    @Option(help: "How often the work is done and counted, 1 to 100.")
    var trials = PerformanceMeasurement.standardTrials

    @Flag(help: "Show the runs that are remembered, and measure nothing.")
    var history = false

    @Flag(help: "Print JSON: what the API replies, and the last run.")
    var json = false

    func validate() throws {
        guard PerformanceMeasurement.trials.contains(trials) else {
            throw ValidationError("--trials is from 1 to 100, found \(trials).")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let settings = try await surroundings.settings()
        let name = modelOption ?? name ?? settings.defaultModel
        let past = PerformanceHistory(folder: surroundings.home.root + "/performance")
        if history {
            let id = try surroundings.store.resolve(name)?.id ?? name
            return try show(past.entries(of: id), of: id)
        }
        let model = try surroundings.store.installed(named: name)
        let line = MeasuringLine(.error, model: model.id, trials: trials)
        let report = try await line.during { [trials] in
            try await surroundings.measure(model, settings, trials: trials) { line.show($0) }
        }
        let earlier = past.entries(of: model.id).last
        do {
            try past.append(.init(time: Moment.now, version: Dpais.version, report: report))
        } catch let error as PerformanceHistoryError {
            // What was measured is worth showing all the same.
            Terminal.error.write("warning: \(error)\n")
        }
        if json { return try Terminal.output.writeJSON(ComparedReport(report: report, earlier: earlier)) }
        ReportView(report: report, earlier: earlier).write(to: .output)
    }

    private func show(_ entries: [PerformanceHistory.Entry], of model: String) throws {
        if json { return try Terminal.output.writeJSON(entries) }
        guard !entries.isEmpty else {
            Terminal.error.write(
                "There is no run of \(model) to show. `dpais model performance \(model)` measures it.\n")
            return
        }
        HistoryView(model: model, entries: entries).write(to: .output)
    }
}

/// The API's reply, and beside it how it compares.
private struct ComparedReport: Encodable {
    let report: PerformanceReport
    let earlier: PerformanceHistory.Entry?

    private enum CodingKeys: String, CodingKey {
        case lastRun = "last_run"
    }

    private struct LastRun: Encodable {
        var time: Int
        var averageExecutionTimes: Double
        var change: Double
        var isNoise: Bool

        private enum CodingKeys: String, CodingKey {
            case time, change
            case averageExecutionTimes = "average_execution_times"
            case isNoise = "is_noise"
        }
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        guard let earlier,
            let comparison = PerformanceComparison(report.executionTimes, with: earlier.report.executionTimes)
        else { return }
        try container.encode(
            LastRun(
                time: earlier.time, averageExecutionTimes: earlier.report.averageExecutionTimes,
                change: comparison.change.rounded(to: 6), isNoise: comparison.isNoise),
            forKey: .lastRun)
    }
}
