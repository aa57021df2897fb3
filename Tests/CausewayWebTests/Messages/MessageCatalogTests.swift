import CausewayJSON
import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("Messages in the viewer's language")
struct MessageCatalogTests {
    private let catalog = MessageCatalog([
        "words": ["user": "Benutzer"],
        "joints": [" and ": " und ", ", ": ", "],
        "CausewayModel": [
            "Run {run} came first.": "Der Lauf {run} kam zuvor.",
            "Run {run} failed; see {place}.": "Der Lauf {run} ist fehlgeschlagen. Siehe {place}.",
            "Runs fail as a whole: {reason}": "Läufe schlagen im Ganzen fehl: {reason}",
            "{name} withdrew it.": "{name} hat sie zurückgezogen.",
            "It is paused.": "Der Anbieter ist angehalten.",
            "'{provider}' is set to dry run, so nothing would be applied.":
                "„{provider}“ ist auf Probelauf eingestellt. Deshalb würde nichts ausgeführt.",
            "'{provider}' is set to {what}.": "„{provider}“ ist auf {what} eingestellt.",
            "not permitted to {purposes}: {missing} is not granted.": "nicht berechtigt, {purposes}: {missing} fehlt.",
            "read users": "Benutzer zu lesen", "delete groups": "Gruppen zu löschen",
            "It is left out{place}{likeness}. {remedy}": "Der Wert wird ausgelassen{place}{likeness}. {remedy}",
            " (line {line}{mapping})": " (Zeile {line}{mapping})", " of '{mapping}'": " von „{mapping}“",
            ", as in authentik": ", wie in authentik", "Write list(…).": "Schreiben Sie list(…).",
            "{property} is not a country.": "{property} ist kein Land.",
            "'{name}' cannot be imported in a mapping": "„{name}“ kann in einer Zuordnung nicht importiert werden",
            "Mapping '{mapping}', line {line}:": "Zuordnung „{mapping}“, Zeile {line}:",
            "There is no mapping, so no {kind} can be synced.": "Es gibt keine Zuordnung für: {kind}.",
        ],
    ])

    private func german(_ text: String) -> String { catalog.translation(of: text).text }

    @Test("one pattern, and what it does not fit")
    func one() {
        #expect(german("Run 4f0c came first.") == "Der Lauf 4f0c kam zuvor.")
        #expect(german("Run 4f0c came second.") == "Run 4f0c came second.")
        #expect(german("Grüße, 🙂 – Run") == "Grüße, 🙂 – Run")
        #expect(german("") == "" && german("…") == "…" && german("42") == "42")
    }

    @Test("what stands for a placeholder is a message too")
    func nested() {
        #expect(
            german("Runs fail as a whole: 'Entra ID' is set to dry run, so nothing would be applied.")
                == "Läufe schlagen im Ganzen fehl: „Entra ID“ ist auf Probelauf eingestellt. Deshalb würde nichts ausgeführt."
        )
        #expect(
            german("There is no mapping, so no user can be synced.") == "Es gibt keine Zuordnung für: Benutzer."
        )
    }

    @Test("sentences that were joined, in any order, and with others between them")
    func joined() {
        #expect(
            german("It is paused. Run 1 came first. ada withdrew it.")
                == "Der Anbieter ist angehalten. Der Lauf 1 kam zuvor. ada hat sie zurückgezogen."
        )
        let mixed = catalog.translation(of: "It is paused. Insufficient privileges. Run 1 came first.")
        #expect(mixed.text == "Der Anbieter ist angehalten. Insufficient privileges. Der Lauf 1 kam zuvor.")
        #expect(mixed.parts.filter(\.isEnglish).map(\.text) == ["Insufficient privileges."])
        #expect(
            german("ImportError: 'os' cannot be imported in a mapping.")
                == "ImportError: „os“ kann in einer Zuordnung nicht importiert werden."
        )
        #expect(
            german("Mapping 'a', line 3: ImportError: 'os' cannot be imported in a mapping (x is 1).")
                == "Zuordnung „a“, Zeile 3: ImportError: „os“ kann in einer Zuordnung nicht importiert werden (x is 1)."
        )
    }

    @Test("of several patterns, the one with the most literal text counts")
    func ambiguous() {
        #expect(german("'a' is set to dry run, so nothing would be applied.").contains("würde nichts ausgeführt"))
        #expect(german("'a' is set to manual.") == "„a“ ist auf manual eingestellt.")
        #expect(
            german("Run 1 failed; see Run 2 came first..")
                == "Der Lauf 1 ist fehlgeschlagen. Siehe Der Lauf 2 kam zuvor.."
        )
    }

    @Test("fragments in a row, present or not")
    func fragments() {
        #expect(german("It is left out. Write list(…).") == "Der Wert wird ausgelassen. Schreiben Sie list(…).")
        #expect(
            german("It is left out (line 3 of 'x'), as in authentik. Write list(…).")
                == "Der Wert wird ausgelassen (Zeile 3 von „x“), wie in authentik. Schreiben Sie list(…)."
        )
        #expect(german("country 'xx' is not a country.") == "country 'xx' ist kein Land.")
    }

    @Test("lists of messages and of names of code")
    func lists() {
        #expect(
            german("not permitted to read users and delete groups: User.Read.All and Group.Read.All is not granted.")
                == "nicht berechtigt, Benutzer zu lesen und Gruppen zu löschen: User.Read.All und Group.Read.All fehlt."
        )
        #expect(
            german("not permitted to read users and dance: it is not granted.")
                == "nicht berechtigt, read users and dance: it fehlt."
        )
    }

    @Test(
        "quoted values stay as they are, whatever they look like",
        arguments: [
            "It is paused.", "user", "read users", "a 'b' c", "<b>x</b> & \"y\"", "{run}", "Run 1 came first.", "ä – 🙂",
        ]
    )
    func quoted(value: String) {
        let text = german("'\(value)' is set to dry run, so nothing would be applied.")
        #expect(text.hasPrefix("„\(value)“ ist auf Probelauf eingestellt."))
    }

    @Test("names stay as they are", arguments: ["user", "read users", "a 'b' c", "<b>x</b>", "{name}", "ä – 🙂"])
    func names(name: String) {
        #expect(german("\(name) withdrew it.") == "\(name) hat sie zurückgezogen.")
    }

    @Test("a long text, and one with many ends of sentences, is read in time")
    func size() {
        let many = Array(repeating: "Run 1 came first. Nothing.", count: 60).joined(separator: " ")
        #expect(german(many).contains("Der Lauf 1 kam zuvor. Nothing."))
        let long = String(repeating: "x. ", count: 5000)
        #expect(german(long) == long)
    }

    // MARK: The German catalog

    @Test("messages as the sources make them", arguments: MadeMessage.all)
    func made(message: MadeMessage) throws {
        let texts = try Texts(.built, .german)
        #expect(texts.message(message.english) == message.german ?? message.english)
        if message.german == nil { #expect(texts.translation(of: message.english).hasEnglish) }
        #expect(try Texts(.built, .english).message(message.english) == message.english)
    }

    @Test("each pattern is read as itself, whatever other patterns there are")
    func distinct() throws {
        let texts = try Texts(.built, .german)
        let entries = try MessageEntries()
        // Values with nothing between them cannot be told apart.
        for (pattern, translation) in entries.patterns where !pattern.contains("}{") {
            let filled = { (text: String) in
                text.replacing(/\{([a-z0-9_]+)\}/) {
                    "Q\($0.output.1.count)\($0.output.1.last ?? "0")\($0.output.1.first ?? "0")"
                }
            }
            #expect(texts.message(filled(pattern)) == filled(translation), "\(pattern)")
        }
    }

    // MARK: Completeness

    /// A literal that begins with a verb in small letters follows what it is about: `is not a country.`
    private static func isFor(_ literal: SourceLiteral, _ shape: String) -> Bool {
        literal.hasInstance(shape) || shape == "{} " + literal.text
    }

    @Test("every message of the sources has a German pattern")
    func complete() throws {
        let sources = try SourceMessages()
        let entries = try MessageEntries()
        let shapes = Set(entries.patterns.keys.map(MessageEntries.shape))
        #expect(sources.messages.count > 700)
        let missing = sources.messages.filter { message in
            let text = message.literal.text
            return !shapes.contains(text) && !shapes.contains("{} " + text)
                && !(text.contains("{}") && shapes.contains { Self.isFor(message.literal, $0) })
        }
        #expect(missing.map { "\($0.place) \($0.literal.text)" } == [])
    }

    @Test("every pattern is made by a literal of the sources")
    func used() throws {
        let literals = try SourceMessages().literals.map(\.literal)
        let known = Set(literals.map(\.text))
        // One that has no word of its own fits everything.
        let open = literals.filter { $0.text.contains("{}") && $0.text.contains(/[A-Za-z]{2,}/) }
        let unused = try MessageEntries().patterns.keys.filter { pattern in
            let shape = MessageEntries.shape(pattern)
            if known.contains(shape) || (shape.hasPrefix("{} ") && known.contains(String(shape.dropFirst(3)))) {
                return false
            }
            return !open.contains { $0.hasInstance(shape) }
        }
        #expect(unused.sorted() == [])
    }

    @Test("a pattern and its translation have the same values, and no pattern is there twice")
    func values() throws {
        let entries = try MessageEntries()
        for (pattern, translation) in entries.patterns.merging(entries.composed, uniquingKeysWith: { $1 }) {
            #expect(Self.names(pattern) == Self.names(translation), "\(pattern)")
            #expect(!translation.isEmpty && pattern.contains(/[A-Za-z]/), "\(pattern)")
        }
        let shapes = Dictionary(grouping: entries.patterns.keys, by: MessageEntries.shape)
        #expect(shapes.values.filter { $0.count > 1 } == [])
    }

    private static func names(_ text: String) -> Set<String> {
        Set(text.matches(of: /\{([a-z0-9_]+)\}/).map { String($0.output.1) })
    }
}
