import CausewayJSON
import Foundation

/// Prints results: human-readable text, or JSON for programs.
struct Output {
    let isJSON: Bool
    let terminal: Terminal

    init(_ options: OutputOptions) { self.init(isJSON: options.json) }

    init(isJSON: Bool) {
        self.isJSON = isJSON
        terminal = Terminal.current(environment: ProcessInfo.processInfo.environment)
    }

    /// The terminal that shows progress, separate from the results.
    static var progress: ProgressLine {
        ProgressLine(
            terminal: Terminal.current(descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment)
        )
    }

    func print(_ json: JSONValue) { Swift.print(json.prettyText) }

    func print(_ text: String) { Swift.print(text) }

    /// Prints a table, or a sentence if it has no rows.
    func print(_ table: Table, orIfEmpty sentence: String) {
        guard !table.rows.isEmpty else { return Swift.print(sentence) }
        for line in table.lines(for: terminal) { Swift.print(line) }
    }
}
