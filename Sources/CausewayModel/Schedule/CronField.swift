/// One of the five fields of a cron expression: its title, the numbers that it takes, and their names. Pure.
struct CronField: Sendable {
    let title: String
    let range: ClosedRange<Int>
    /// Short names in the order of the numbers, from the lowest on; empty if there are none.
    let names: [String]

    static let minute = CronField(title: "minute", range: 0...59, names: [])
    static let hour = CronField(title: "hour", range: 0...23, names: [])
    static let dayOfMonth = CronField(title: "day of month", range: 1...31, names: [])
    static let month = CronField(
        title: "month",
        range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
    /// Sunday is 0 and 7.
    static let dayOfWeek = CronField(
        title: "day of week",
        range: 0...7,
        names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    )

    /// The numbers that a field stands for: a list of numbers, names, ranges and `*`, the latter two with an optional step.
    ///
    /// - Throws: ``ValidationError`` that names the field and what it takes.
    func values(of text: String) throws(ValidationError) -> Set<Int> {
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            values.formUnion(try self.values(ofItem: String(item)))
        }
        return values
    }

    private func values(ofItem item: String) throws(ValidationError) -> Set<Int> {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let span = try self.span(of: parts[0])
        guard parts.count == 2 else { return Set(span) }
        let isRange = parts[0] == "*" || parts[0].contains("-")
        guard isRange else {
            throw problem(item, "a step needs a range before it, such as '\(parts[0])-\(range.upperBound)'")
        }
        guard let step = Self.number(parts[1]), step >= 1 else { throw problem(item, "a step is a number from 1 on") }
        return Set(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }

    private func span(of text: String) throws(ValidationError) -> ClosedRange<Int> {
        if text == "*" { return range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let first = try value(of: ends[0], in: text)
        guard ends.count == 2 else { return first...first }
        let last = try value(of: ends[1], in: text)
        guard first <= last else { throw problem(text, "a range must begin with its lower end") }
        return first...last
    }

    private func value(of word: String, in text: String) throws(ValidationError) -> Int {
        if let index = names.firstIndex(of: word.lowercased()) { return range.lowerBound + index }
        guard let number = Self.number(word), range.contains(number) else { throw problem(text, allowed) }
        return number
    }

    /// Only digits: `Int` would accept a sign.
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private var allowed: String {
        let numbers = "it takes \(range.lowerBound) to \(range.upperBound)"
        guard let first = names.first, let last = names.last else { return numbers }
        return "\(numbers), or \(first) to \(last)"
    }

    private func problem(_ text: String, _ rule: String) -> ValidationError {
        ValidationError("cron", "The \(title) '\(text)' is not understood: \(rule).")
    }
}
