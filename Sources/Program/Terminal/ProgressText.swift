import Foundation

/// The text of a progress line. Pure.
struct ProgressText {
    let label: String
    let done: Int
    let total: Int?
    /// What is done in a second; nil if it is not known yet.
    let rate: Double?
    /// How Graph's limits hold the work back; nil if they do not concern it.
    var pace: RunPace?

    private static let barWidth = 24

    /// - Parameter width: columns to fit into; 0 for no bar and no limit.
    func line(width: Int) -> String {
        let text = parts(bar: width > 0 ? share.map(bar) : nil)
        guard width > 0, text.columns >= width else { return text }
        return parts(bar: nil).cut(to: width - 1)
    }

    private func parts(bar: String?) -> String {
        var parts = [label.padded(to: 18)]
        if let bar { parts.append(bar) }
        parts.append(total.map { "\(done) of \($0)" } ?? "\(done)")
        if let rate, rate > 0 { parts.append("\(rate < 10 ? String(format: "%.1f", rate) : "\(Int(rate))")/s") }
        if let left = secondsLeft, left >= 1 { parts.append("\(Self.clockText(left)) left") }
        if let reason = pace?.reason { parts.append(reason) }
        return parts.joined(separator: "  ")
    }

    private var share: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(done) / Double(total))
    }

    /// By the rate of the last seconds, or by Graph's limits if they allow less.
    private var secondsLeft: Double? {
        guard let total, let rate, rate > 0, done < total else { return nil }
        let left = Double(total - done)
        return max(left / rate, pace?.seconds(for: left) ?? 0)
    }

    private func bar(_ share: Double) -> String {
        let full = Int(share * Double(Self.barWidth))
        return String(repeating: "█", count: full) + String(repeating: "░", count: Self.barWidth - full)
    }

    static func clockText(_ seconds: Double) -> String {
        if seconds < 10 { return String(format: "%.1f s", seconds) }
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
