import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import Testing
import UnixSignals

@testable import CausewayGraph
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

    @Test("what does not fit is cut in the middle, sentences at their end, and names never")
    func cutting() {
        var table = Table(("User", .name), ("Email", .left), ("Message", .sentence))
        table.add("anna.schmidt", "anna.schmidt@long-company-name.com", "The value of a property is wrong.")
        table.add("anna.schmitt", "anna.schmitt@long-company-name.com", "")
        let lines = table.lines(for: Self.terminal(44))
        #expect(lines.allSatisfy { $0.columns <= 44 })
        #expect(lines[1].hasPrefix("anna.schmidt  anna") && lines[1].contains(".com  The") && lines[1].hasSuffix("…"))
        #expect(lines[2].hasPrefix("anna.schmitt  anna") && lines[2].contains("…") && lines[2].hasSuffix(".com"))
        #expect("abcdefghij".cutInside(to: 5) == "ab…ij" && "abcdefghij".cutInside(to: 4) == "ab…j")
        #expect("東京東京東京".cutInside(to: 6).columns <= 6 && "ab".cutInside(to: 2) == "ab")
    }

    @Test("if names do not fit, each row is a block of whole values")
    func blocks() {
        var table = Table(("Key", .right), ("Username", .name), ("Email", .left))
        table.add("7", "a.very.long.user.name.of.a.person", "")
        table.add("8", "bob", "bob@company.com")
        #expect(
            table.lines(for: Self.terminal(30)) == [
                "KEY       7", "USERNAME  a.very.long.user.name.of.a.person", "", "KEY       8", "USERNAME  bob",
                "EMAIL     bob@company.com",
            ]
        )
    }

    @Test("progress shows how much is done, how fast, and the remaining time; the bar gives way to a reason")
    func progress() {
        let text = ProgressText(label: "Applying users", done: 500, total: 2000, rate: 50)
        let plain = text.line(width: 0)
        #expect(plain.contains("500 of 2000") && plain.contains("50/s") && plain.contains("30 s left"))
        let bar = text.line(width: 80)
        #expect(bar.contains("██████░") && bar.columns < 80)
        let unknown = ProgressText(label: "Reading users", done: 500, total: nil, rate: nil)
        #expect(unknown.line(width: 80).trimmingCharacters(in: .whitespaces) == "Reading users       500")
        #expect(ProgressText.clockText(125) == "2 min 5 s")
        let limits = ThrottleLimits.documented
        let held = ProgressText(
            label: "Applying users",
            done: 500,
            total: 2000,
            rate: 100,
            pace: RunPace([Self.state(writesUsed: 1)], limits: limits)
        )
        #expect(held.line(width: 0).hasSuffix("1 min 15 s left  Microsoft Graph's limit: 20 writes/s"))
        #expect(!held.line(width: 100).contains("░") && held.line(width: 100).contains("20 writes/s"))
        #expect(held.line(width: 60).columns < 60)
    }

    @Test("the rate is that of the last seconds, and what was done before the first look does not count")
    func rate() throws {
        var window = RateWindow()
        #expect(window.perSecond == nil)
        window.note(7000, at: 0)
        #expect(window.perSecond == nil)
        for second in 1...60 {
            window.note(7000 + min(second, 10) * 100 + max(0, second - 10) * 10, at: Double(second))
        }
        let perSecond = try #require(window.perSecond)
        #expect((9.9...10.1).contains(perSecond))
    }

    @Test(
        "the time that Graph's limits demand counts the writes that may go out immediately, and every app registration"
    )
    func pace() {
        let limits = ThrottleLimits.documented
        let fresh = RunPace([Self.state(writesUsed: 0)], limits: limits)
        #expect(fresh.reason == nil && fresh.seconds(for: 2980) == 0 && fresh.seconds(for: 3000) == 1)
        let used = RunPace([Self.state(writesUsed: 1), Self.state(writesUsed: 1)], limits: limits)
        #expect(used.seconds(for: 400) == 10 && used.reason == "Microsoft Graph's limit: 40 writes/s")
        #expect(used.withoutWrites.reason == nil && used.withoutWrites.seconds(for: 400) == 0)
        let asked = RunPace([Self.state(writesUsed: 0.5, pause: .seconds(12))], limits: nil)
        #expect(asked.reason == "Microsoft Graph asks to wait 12 s" && asked.seconds(for: 1) == 12)
        #expect(RunPace([], limits: limits).reason == nil)
    }

    private static func state(writesUsed: Double, pause: Duration = .zero) -> ThrottleState {
        ThrottleState(
            applications: [
                ThrottleState.Application(
                    clientID: "client",
                    writesUsed: writesUsed,
                    unitsUsed: 0,
                    pause: .zero,
                    writesPause: pause
                )
            ],
            tenantWritesUsed: 0,
            tenantPause: .zero,
            inFlight: 1,
            window: 8,
            waiting: 0
        )
    }

    @Test("a run that was stopped says what is done, what is left, and what happens next")
    func stopped() {
        func count(_ status: OutcomeStatus, _ count: Int) -> ActionCount {
            ActionCount(verb: .create, kind: .user, status: status, count: count, links: 0)
        }
        let interruption = Interruption(signal: .sigint)
        let counts = [count(.applied, 40), count(.planned, 60), count(.sent, 20), count(.failed, 5)]
        let run = StoppedRun(interruption, of: "Entra", trigger: .manual, counts: counts)
        #expect(run.exitCode.rawValue == 130)
        #expect(
            run.sentences == [
                "Stopped: 40 actions are done, 5 failed, 60 are left, 20 were sent and have no answer yet; the next sync looks for them first.",
                "The next sync continues: causeway sync 'Entra'",
            ]
        )
        let one = StoppedRun(
            interruption,
            of: "Entra",
            trigger: .manual,
            counts: [count(.applied, 1), count(.planned, 1), count(.sent, 1)]
        )
        #expect(
            one.sentences[0]
                == "Stopped: 1 action is done, 1 is left, 1 was sent and has no answer yet; the next sync looks for it first."
        )
        let early = StoppedRun(interruption, of: "Entra", trigger: .manual, counts: [count(.planned, 60)])
        #expect(early.sentences[0] == "Stopped before anything was sent to the tenant.")
        let plan = StoppedRun(Interruption(signal: .sigterm), of: "Entra", trigger: .preview, counts: counts)
        #expect(plan.exitCode.rawValue == 143 && plan.sentences[1].hasSuffix("causeway plan 'Entra'"))
    }

    @Test(
        "the manual page has every command that the help shows, with its options, and no text that troff would take for its own"
    )
    func manual() throws {
        let help = try JSONValue(parsing: Causeway._dumpHelp())
        let text = ManualPage(help: help, version: "1.2.3").text
        #expect(text.hasPrefix(".TH CAUSEWAY 1 \"\" \"causeway 1.2.3\""))
        for part in [
            ".SS \"causeway user create <username>\"", "\\-\\-attribute <name=value>",
            ".SS \"causeway provider update <provider>\"",
            "\\-\\-cloud <cloud>", ".SS \"causeway completion <shell>\"", ".B \\-\\-active/\\-\\-no\\-active\n",
        ] { #expect(text.contains(part), "\(part)") }
        let macros = Set(text.split(separator: "\n").filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } })
        #expect(macros.isSubset(of: [".TH", ".SH", ".SS", ".B", ".I", ".PP", ".TP"]), "\(macros)")
    }

    @Test("examples of a plan show once what is the same in all of them")
    func examples() {
        func update(_ name: String, _ city: JSONValue, _ country: JSONValue) -> StoredAction {
            let action = Action(
                phase: .users,
                verb: .update,
                kind: .user,
                object: nil,
                name: name,
                reason: .attributesDiffer,
                changes: [
                    AttributeChange(attribute: "city", old: "Oslo", new: city),
                    AttributeChange(attribute: "country", old: nil, new: country),
                ]
            )
            return StoredAction(action: action, outcome: Outcome(.planned))
        }
        func lines(_ actions: [StoredAction], _ count: Int) -> [String] {
            let group = PlanExamples.Group(verb: .update, kind: .user, count: count, actions: actions)
            return PlanExamples(groups: [group]).lines(PlanText(terminal: Self.terminal(0)))
        }
        #expect(
            lines([update("ada", "Bergen", "NO"), update("bob", "Narvik", "NO")], 9) == [
                "update user: 9, for example  (attributes differ)", "    in each of these:", "    + country: \"NO\"",
                "~ update user ada", "    ~ city: \"Oslo\" → \"Bergen\"", "~ update user bob",
                "    ~ city: \"Oslo\" → \"Narvik\"", "Only examples are shown; --all lists every action.",
            ]
        )
        #expect(
            lines([update("ada", "Bergen", "NO")], 1) == [
                "update user: 1", "~ update user ada  (attributes differ)", "    ~ city: \"Oslo\" → \"Bergen\"",
                "    + country: \"NO\"",
            ]
        )
    }

    @Test("facts stand under headings with their values below each other; what is empty is left out")
    func facts() {
        var facts: Facts = [("Name", "Entra"), ("Nothing", "")]
        facts.addHeading("Sync")
        facts.add("Dry run", "no")
        #expect(facts.lines(for: Self.terminal(0)) == ["Name     Entra", "", "Sync", "Dry run  no"])
    }

    @Test("a time of the log is a day, a moment, or how long ago")
    func logTimes() throws {
        let now = Timestamp(milliseconds: 1_000_000_000_000)
        func ends(_ text: String) throws -> [String] {
            let time = try LogTime(text, "--since")
            return [time.first(at: now).text, time.end(at: now).text]
        }
        #expect(try ends("2026-11-30") == ["2026-11-30T00:00:00.000Z", "2026-12-01T00:00:00.000Z"])
        #expect(try ends("2026-11-30T08:00:00Z") == ["2026-11-30T08:00:00.000Z", "2026-11-30T08:00:00.000Z"])
        #expect(try ends("2026-11-30T08:00:00.250Z")[0] == "2026-11-30T08:00:00.250Z")
        #expect(try ends("hours=2") == [(now - .seconds(7200)).text, (now - .seconds(7200)).text])
        for wrong in ["", "yesterday", "2026-13-01", "30.11.2026"] {
            #expect(throws: UserError.self) { try LogTime(wrong, "--since") }
        }
    }

    @Test("what happens after a change is told for each provider that has to do with it")
    func nextSteps() {
        func sentences(_ standings: NextSteps.Standing..., isServed: Bool = true) -> [String] {
            NextSteps(object: "user 'ada'", standings: standings, isServerRunning: isServed).sentences
        }
        let see = "See: causeway explain user 'ada'"
        #expect(sentences() == ["Nothing is sent to Entra: there is no provider."])
        #expect(
            sentences(.init(name: "A", obstacle: "paused"), .init(name: "B", obstacle: "dry run")) == [
                "Nothing is sent to Entra: no provider is active ('A': paused, 'B': dry run)."
            ]
        )
        #expect(sentences(.init(name: "A", isInvolved: false))[0].contains("no active provider has it in scope"))
        #expect(
            sentences(.init(name: "A", suspends: true), .init(name: "B"), .init(name: "C", obstacle: "paused")) == [
                "'A' suspends the account in Entra within seconds.", "'B' sends the change to Entra within seconds.",
                see,
            ]
        )
        #expect(
            sentences(.init(name: "A", suspends: true, isWithinGuard: false))[0]
                == "The suspension of the account waits for approval, since the guard of 'A' lets no more pass."
        )
        #expect(
            sentences(.init(name: "A", hasSynced: false, reviewsFirstSync: true))[0].hasSuffix("causeway plan 'A'")
        )
        #expect(
            sentences(.init(name: "A"), isServed: false)[0]
                == "'A' sends the change to Entra when a server runs (causeway serve), or now with: causeway sync 'A'"
        )
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
