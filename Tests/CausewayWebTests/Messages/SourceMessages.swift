import CausewayTestSupport
import Foundation

/// The messages in the sources of the modules whose words reach pages.
///
/// A message is a literal with two words or more, unless it is of a kind that no page shows.
struct SourceMessages {
    /// Each literal that a message can be made from, also those of one word.
    let literals: [(literal: SourceLiteral, place: String)]

    private static let modules = [
        "CausewayAPI", "CausewayProvisioning", "CausewayGraph", "CausewayMapping", "CausewayModel", "CausewayStore",
        "CausewayImport", "CausewayNetwork", "CausewayJSON",
    ]

    /// Files whose literals are data, or whose messages end the program before it serves pages.
    private static let unread: [(reason: String, paths: [String])] = [
        (
            "The server does not start with these.",
            [
                "CausewayStore/Folder/", "CausewayStore/Secrets/", "CausewayStore/Schema/Migration0",
                "CausewayStore/Schema/Transaction+",
                "CausewayAPI/Document/APIDocument.swift", "CausewayAPI/Document/APIOperation.swift",
                "CausewayAPI/Access/BreachedPasswords.swift", "CausewayStore/PostgreSQL/PostgreSQLSchema.swift",
            ]
        ),
        ("SQL alone.", ["CausewayStore/Engine/SQLDialect"]),
        (
            "Commands back up, restore, copy and check databases.",
            ["CausewayStore/Backup/", "CausewayStore/Check/", "CausewayStore/Copy/"]
        ),
        (
            "A command of the demonstration compares with the emulated tenant.",
            [
                "CausewayProvisioning/Comparison/TenantComparison.swift"
            ]
        ),
        (
            "Names of columns and rows in files of other products, and of authentik's API.",
            [
                "CausewayImport/Columns/KnownHeaders.swift", "CausewayImport/Columns/ColumnTarget.swift",
                "CausewayImport/Rows/StrayRow.swift",
                "CausewayAPI/Operations/Administration/AdministrationOperations.swift",
            ]
        ),
        (
            "Code in Python, and names of mappings.",
            [
                "CausewayMapping/Worker/WorkerCommand.swift", "CausewayMapping/Defaults/",
                "CausewayMapping/Resources/library/",
                "CausewayMapping/Resources/default-", "CausewayMapping/Resources/worker/letters.py",
            ]
        ),
    ]

    /// Kinds of literals that no page shows, by the code in front of them.
    private static let kinds: [(reason: String, before: String)] = [
        ("logs", #"logger\.\w+\(\s*(\S+ \? )?$"#),
        (
            "conditions that only a developer can break",
            #"(assertionFailure|precondition\w*|fatalError|APIDocumentError)\([^"]*$"#
        ),
        ("what Microsoft, a server or a file says", #"(hasPrefix|hasSuffix|\bcontains)\($|(message|status) == $"#),
        ("SQL", #"\b(execute|ListQuery|rows|query\.add)\([^"]*$|\b(run|beginning)\($|\bopening = $"#),
        ("help of the command line", #"\.option\([^"]*("[^"]*",\s*)?$|attributeHelp =\s*$"#),
        ("names in authentik's API", #"("verbose_name\w*"|"label"|"name"|app|label):\s*$|private static let name = $"#),
        ("formats of dates", #"dateFormat = $"#),
        ("names that a module of Python offers", #"\bof\(\s*\w+,\s*$"#),
        ("derivations of keys", #"(info: Data|hash\(data: Data)\($"#),
    ]

    /// Headers, addresses and queries, and names of services in logs.
    private static let code =
        #"charset=|filename=|; Path=|^event: |^data:|^POST /|^otpauth|^known browser|\beq '|^<|^def |^Microsoft Entra Provider (Mapping|User|Group|\{)"#
        + #"|^(direct sync|work queue|command line|did you mean|curl )$|^types, user or group"#
    private static let sql =
        #"\b(SELECT|INSERT|UPDATE|DELETE|FROM|CREATE|DROP|ALTER|WHERE|JOIN|VALUES|ORDER BY|PRAGMA|SAVEPOINT|COALESCE|NULL"#
        + #"|EXISTS|LIMIT|COUNT|AND|OR|IN|SET|ON|INTEGER|STRICT|MATCH|DESC|IS|NOT|AS|CASE|VACUUM)\b|([<>=]|LIKE) \?"#
        + #"|\b[a-z]\.[a-z_]+\b.*,|^\w+ [a-z]$|^(id|slug|provider_id), |^[\w.]+ = \S+$|^\w+ (TEXT|BYTEA)$"#
    /// Headers in files of other products.
    private static let column = #"[(\[,]\s*\(?\.\w+(\("\w+"\))?,\s*$|\b(all|anyOf):\s*$"#

    init() throws {
        let root = ProjectFiles.root.appending(path: "Sources")
        var found: [(SourceLiteral, String)] = []
        for module in Self.modules {
            let folder = root.appending(path: module).path(percentEncoded: false)
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
                let place = "\(module)/\(path)"
                let isPython = path.hasPrefix("Resources/worker/") && path.hasSuffix(".py")
                guard path.hasSuffix(".swift") || isPython, !Self.isUnread(place) else { continue }
                let source = try ProjectFiles.text("Sources/\(place)")
                let literals = isPython ? SourceLiteral.all(inPython: source) : SourceLiteral.all(inSwift: source)
                found += literals.filter { Self.isSaid($0, module) }
                    .map { ($0.trimmed, "\(place):\($0.line)") }
            }
        }
        literals = found
    }

    /// Those with two words or more.
    var messages: [(literal: SourceLiteral, place: String)] {
        literals.filter { $0.literal.text.contains(" ") && $0.literal.text.matches(of: /[A-Za-z]{2,}/).count > 1 }
    }

    private static func isUnread(_ place: String) -> Bool {
        unread.contains { $0.paths.contains(where: place.hasPrefix) }
    }

    private static func isSaid(_ literal: SourceLiteral, _ module: String) -> Bool {
        guard !kinds.contains(where: { matches(literal.before, $0.before) }), !matches(literal.text, code),
            !literal.isWordList
        else { return false }
        switch module {
        case "CausewayStore": return !matches(literal.text, sql)
        case "CausewayImport": return !matches(literal.before, column)
        default: return true
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }
}

extension SourceLiteral {
    /// Whether Python splits it into words.
    fileprivate var isWordList: Bool { after.drop { $0.isWhitespace || $0 == ")" }.hasPrefix(".split()") }

    fileprivate var trimmed: SourceLiteral {
        let text = text.trimmingCharacters(in: .whitespaces)
        return SourceLiteral(text: text, before: before, after: after, line: line)
    }
}
