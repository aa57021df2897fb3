/// Facts about one object: a label and a value on each line, under headings. Pure.
struct Facts: ExpressibleByArrayLiteral {
    private var lines: [Line] = []

    private enum Line {
        case heading(String)
        case fact(label: String, value: String)
    }

    private static let gap = 2
    /// A longer label does not move the values of the others.
    private static let widest = 46

    /// What has no value is left out.
    init(arrayLiteral facts: (String, String)...) {
        for (label, value) in facts { add(label, value) }
    }

    mutating func addHeading(_ text: String) { lines.append(.heading(text)) }

    /// Adds a fact, unless its value is empty.
    mutating func add(_ label: String, _ value: String) {
        if !value.isEmpty { lines.append(.fact(label: label, value: value)) }
    }

    func lines(for terminal: Terminal) -> [String] {
        let labels = lines.compactMap { line in
            if case .fact(let label, _) = line { label.columns } else { nil }
        }
        let width = (labels.filter { $0 <= Self.widest }.max() ?? 0) + Self.gap
        return lines.flatMap { line in
            switch line {
            case .heading(let text): ["", terminal.paint(text, .bold)]
            case .fact(let label, let value):
                [label.padded(to: max(width, label.columns + Self.gap)) + value]
            }
        }
    }
}

extension Output {
    /// Prints facts, whole, one on each line.
    func print(_ facts: Facts) {
        for line in facts.lines(for: terminal) { print(line) }
    }
}
