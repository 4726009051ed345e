import Console
import Performance

/// A measurement as a person reads it: what was done, a row for each figure, and the last run beside them.
struct ReportView {
    let report: PerformanceReport
    /// The run before; `nil` where there is none.
    let earlier: PerformanceHistory.Entry?

    func write(to terminal: Terminal) {
        let extra = report.extraMetrics
        terminal.write("\(terminal.style.heading(report.model)): \(extra.work)\n")
        let threads = extra.threads == 1 ? "1 thread" : "\(extra.threads) threads"
        terminal.write("\(extra.device), \(threads), \(report.trials) \(report.trials == 1 ? "trial" : "trials")\n\n")
        let headings = ["", "MEDIAN", "LEAST", "MOST"] + (earlier == nil ? [] : ["LAST RUN"]) + ["TRIALS"]
        Table(headings, rows(terminal), rightAligned: [1, 2, 3]).write(to: terminal)
        if let earlier {
            terminal.write(
                "\nThe last run was on \(Moment.text(earlier.time)) (\(earlier.report.trials) trials). "
                    + "Noise is what trials differ by among themselves.\n")
        } else {
            terminal.write("\nThe next run will be compared with this one.\n")
        }
    }

    private func rows(_ terminal: Terminal) -> [[String]] {
        let before = earlier?.report
        var rows = [
            row("seconds a trial", report.executionTimes, before?.executionTimes, terminal)
        ]
        for metric in PerformanceMetric.allCases where metric.isSpeed {
            guard let values = report.extraMetrics.series[metric] else { continue }
            rows.append(row(metric.label, values, before?.extraMetrics.series[metric], terminal))
        }
        rows.append(row("seconds to load", [report.loadTime], before.map { [$0.loadTime] }, terminal))
        if let bytes = report.extraMetrics.peakMemoryBytes {
            let comparison = before?.extraMetrics.peakMemoryBytes.flatMap {
                PerformanceComparison([Double(bytes)], with: [Double($0)])
            }
            rows.append(
                ["most memory", ByteCount.text(bytes), "", ""] + (earlier == nil ? [] : [comparison?.text ?? ""]) + [""]
            )
        }
        return rows
    }

    private func row(_ label: String, _ values: [Double], _ before: [Double]?, _ terminal: Terminal) -> [String] {
        guard let spread = Spread(values) else { return [] }
        let places = Decimals.places(for: spread.median)
        let figures =
            values.count == 1
            ? [Decimals.text(spread.median, places: places), "", ""]
            : [spread.median, spread.minimum, spread.maximum].map { Decimals.text($0, places: places) }
        let comparison = before.flatMap { PerformanceComparison(values, with: $0) }?.text ?? ""
        return [label] + figures + (earlier == nil ? [] : [comparison]) + [trials(values, places, terminal)]
    }

    /// Each trial: as bars where a person looks, as numbers where none can be drawn.
    private func trials(_ values: [Double], _ places: Int, _ terminal: Terminal) -> String {
        guard values.count > 1 else { return "" }
        guard terminal.isInteractive, terminal.isUnicode else { return Sparkline.numbers(values, places: places) }
        // What the other columns take of a line.
        return Sparkline.draw(values, width: max(8, terminal.width - 76))
    }
}

extension PerformanceMetric {
    /// For people.
    var label: String {
        switch self {
        case .timeToFirstToken: "seconds to first token"
        case .tokensPerSecond: "answer, tokens/s"
        case .promptTokensPerSecond: "prompt, tokens/s"
        case .promptTokens: "prompt, tokens"
        case .cachedPromptTokens: "prompt, cached tokens"
        case .completionTokens: "answer, tokens"
        case .textsPerSecond: "texts/s"
        case .imagesPerSecond: "pictures/s"
        case .realTimeFactor: "real-time factor"
        case .megapixelsPerSecond: "megapixels/s"
        }
    }
}
