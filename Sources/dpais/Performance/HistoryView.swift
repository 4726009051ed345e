import Console
import Performance

/// The measurements of a model on this machine, the oldest first.
struct HistoryView {
    let model: String
    let entries: [PerformanceHistory.Entry]

    private static let speeds: [PerformanceMetric] = [
        .tokensPerSecond, .textsPerSecond, .realTimeFactor, .megapixelsPerSecond,
    ]

    func write(to terminal: Terminal) {
        // The one by which models of this kind are known.
        let speed = Self.speeds.first { speed in entries.contains { $0.report.extraMetrics.series[speed] != nil } }
        let rows = entries.map { entry in
            let report = entry.report
            let spread = Spread(report.executionTimes)
            return [
                Moment.text(entry.time), "\(report.trials)", Decimals.text(report.loadTime),
                spread.map { Decimals.text($0.median) } ?? "",
                speed.flatMap { report.extraMetrics.series[$0] }.flatMap(Spread.init).map { Decimals.text($0.median) }
                    ?? "",
                ByteCount.text(report.extraMetrics.peakMemoryBytes),
            ]
        }
        Table(
            ["WHEN", "TRIALS", "LOAD, S", "TRIAL, S", speed?.label.uppercased() ?? "", "MEMORY"], rows,
            rightAligned: [1, 2, 3, 4, 5]
        ).write(to: terminal)
        guard entries.count > 1, terminal.isInteractive, terminal.isUnicode else { return }
        let line = Sparkline.draw(entries.map(\.report.averageExecutionTimes), width: max(8, terminal.width - 20))
        terminal.write("\nseconds a trial  \(line)\n")
    }
}
