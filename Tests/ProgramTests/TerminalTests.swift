import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import Testing

@testable import causeway

@Suite("What the terminal shows")
struct TerminalTests {
    private static func terminal(_ width: Int) -> Terminal {
        Terminal(isInteractive: width > 0, isColored: false, width: width)
    }

    @Test("a table fits the terminal: the widest column gives way, and wide letters count double")
    func tables() {
        var table = Table(("Name", .left), ("Count", .right))
        table.add("東京", "7")
        table.add(String(repeating: "x", count: 50), "1234")
        #expect(table.lines(for: Self.terminal(0)).map(\.columns).max() == 57)
        let lines = table.lines(for: Self.terminal(30))
        #expect(lines.allSatisfy { $0.columns <= 30 })
        #expect(lines[1].hasPrefix("東京 "))
        #expect(lines[2].contains("…") && lines[2].hasSuffix(" 1234"))
    }

    @Test("progress shows how much is done, how fast, and the remaining time")
    func progress() {
        let text = ProgressText(label: "Applying users", done: 500, total: 2000, elapsed: 10)
        let plain = text.line(width: 0)
        #expect(plain.contains("500 of 2000") && plain.contains("50/s") && plain.contains("30 s left"))
        let bar = text.line(width: 80)
        #expect(bar.contains("██████░") && bar.columns < 80)
        #expect(ProgressText.clockText(125) == "2 min 5 s")
    }

    @Test("a plan shows old and new values, additions, and failures")
    func plans() {
        let action = Action(
            phase: .users,
            verb: .update,
            kind: .user,
            object: nil,
            name: "ada",
            reason: .attributesDiffer,
            changes: [
                AttributeChange(attribute: "city", old: "Oslo", new: "Bergen"),
                AttributeChange(attribute: "jobTitle", old: nil, new: "Clerk"),
            ]
        )
        let outcome = Outcome(.failed, message: "No.", remedy: "Try this.", attribute: "city")
        let lines = PlanText(terminal: Self.terminal(0)).lines(for: StoredAction(action: action, outcome: outcome))
        #expect(
            lines == [
                "~ update user ada  (attributes differ)", "    ~ city: \"Oslo\" → \"Bergen\"",
                "    + jobTitle: \"Clerk\"",
                "    city: No. Try this.",
            ]
        )
    }
}
