/// A drawing in Mermaid's language, of the kinds that the documentation has: flowcharts and state diagrams, whose lines are arrows. The
/// interface runs no third-party script, so it shows a diagram as a table of its arrows, which screen readers read too.
struct ArrowDiagram {
    struct Arrow: Equatable {
        let from: String
        let to: String
        let label: String
    }

    private(set) var arrows: [Arrow] = []
    /// What nodes are called, by their short names.
    private var names: [String: String] = [:]

    private static var sign: Regex<(Substring, Substring?)> { /\s*(?:-->|-\.\s*(.*?)\s*\.->)\s*/ }

    /// - Returns: nil for a drawing that has anything else.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map(Self.trimmed).filter { !$0.isEmpty }
        guard let kind = lines.first, kind.hasPrefix("flowchart") || kind == "stateDiagram-v2" else { return nil }
        for line in lines.dropFirst() { guard read(line, isState: kind == "stateDiagram-v2") else { return nil } }
        arrows = arrows.map { Arrow(from: names[$0.from] ?? $0.from, to: names[$0.to] ?? $0.to, label: $0.label) }
    }

    private mutating func read(_ line: String, isState: Bool) -> Bool {
        var (line, label) = (line, "")
        if isState, let colon = line.firstRange(of: ": ") {
            label = String(line[colon.upperBound...])
            line = String(line[..<colon.lowerBound])
        }
        let signs = line.matches(of: Self.sign)
        guard !signs.isEmpty else { return false }
        var (nodes, start) = ([[String]](), line.startIndex)
        for sign in signs {
            nodes.append(names(in: line[start..<sign.range.lowerBound], at: "start"))
            start = sign.range.upperBound
        }
        nodes.append(names(in: line[start...], at: "end"))
        for (place, sign) in signs.enumerated() {
            for from in nodes[place] {
                for to in nodes[place + 1] {
                    arrows.append(Arrow(from: from, to: to, label: sign.1.map(String.init) ?? label))
                }
            }
        }
        return true
    }

    /// The nodes at one end of an arrow. `[*]` is the start or the end of the diagram.
    private mutating func names(in text: Substring, at end: String) -> [String] {
        text.split(separator: "&").map { part in
            let part = Self.trimmed(part)
            if part == "[*]" { return "(\(end))" }
            guard let match = part.wholeMatch(of: /(\w+)\["?(.*?)"?\]/) else { return part }
            names[String(match.1)] = String(match.2)
            return String(match.1)
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    var html: String {
        let rows = arrows.map { arrow in
            let cells = [arrow.from, arrow.to, arrow.label].map { "<td>\(Self.escaped($0))</td>" }
            return "<tr>\(cells.joined())</tr>"
        }
        return "<table>\n<thead>\n<tr><th>From</th><th>To</th><th>When</th></tr>\n</thead>\n<tbody>\n"
            + rows.joined(separator: "\n") + "\n</tbody>\n</table>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
