import CausewayJSON
import CausewayModel
import Foundation

/// All texts of the interface in one language, by key, and how numbers and days are written in it.
struct Texts: Sendable {
    let language: Language
    let json: JSONValue
    /// The texts by their keys.
    private let texts: [String: String]
    /// The messages of the API and the engine in this language; nil if it is English.
    private let messages: MessageCatalog?
    private let months: [String]
    private let groupSeparator: String

    /// - Throws: ``WebInterfaceError`` if the catalog cannot be read.
    init(_ resources: WebResources, _ language: Language) throws {
        let file = resources.folder.appending(path: "texts/\(language.rawValue).json")
        do { json = try JSONValue(parsing: Data(contentsOf: file)) } catch {
            throw WebInterfaceError("\(file.path) cannot be read (\(error)); install the program again")
        }
        self.language = language
        texts = Dictionary(json.leaves()) { $1 }
        messages = try MessageCatalog.find(resources, language)
        months = (json["times"]?["months"]?.string ?? "").split(separator: " ").map(String.init)
        groupSeparator = json["numbers"]?["group_separator"]?.string ?? ","
        guard months.count == 12 else { throw WebInterfaceError("\(file.path) does not name twelve months.") }
    }

    /// The text of a key such as `providers.create`; the key itself if there is none, which the tests detect.
    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        let text = find(key) ?? key
        return values.isEmpty ? text : Self.filled(text, values)
    }

    /// A text whose names in braces are replaced by their values. A value may contain braces.
    private static func filled(_ text: String, _ values: [String: String]) -> String {
        var (filled, rest) = ("", text[...])
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: "}"))
        {
            let name = rest[rest.utf8.index(after: start)..<end]
            let next = rest.utf8.index(after: end)
            filled += rest[..<start]
            filled += values[String(name)] ?? String(rest[start..<next])
            rest = rest[next...]
        }
        return filled + rest
    }

    /// The text for a number of things: `one` or `other` below a key, with the number in `{count}`.
    func callAsFunction(_ key: String, count: Int, _ values: [String: String] = [:]) -> String {
        let form = count == 1 ? "one" : count == 0 && find("\(key).none") != nil ? "none" : "other"
        return self("\(key).\(form)", values.merging(["count": number(count)]) { $1 })
    }

    /// A sentence of the API or the engine in this language; what the catalog does not have stays English.
    func message(_ english: String) -> String { translation(of: english).text }

    /// The same, with what stayed English.
    func translation(of english: String) -> MessageText {
        messages?.translation(of: english) ?? MessageText(parts: [.init(text: english, isEnglish: false)])
    }

    func message(_ message: Message) -> String { self.message(message.english) }

    /// The text of a key, if there is one.
    func find(_ key: String) -> String? { texts[key] }

    /// A whole number, with the language's separator between thousands.
    func number(_ number: Int) -> String {
        var digits = String(abs(number))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "−" : "") + ([digits] + groups).joined(separator: groupSeparator)
    }

    /// A day, such as `29 Nov 2026`.
    ///
    /// - Parameter month: from 1 on.
    func day(year: Int, month: Int, day: Int) -> String {
        let name = months.indices.contains(month - 1) ? months[month - 1] : "\(month)"
        return self("times.day", ["day": "\(day)", "month": name, "year": "\(year)"])
    }

    /// A day of an answer, such as `2026-11-29`, as people write it. Another text is returned as it is.
    func day(_ text: String) -> String {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return parts.count == 3 ? day(year: parts[0], month: parts[1], day: parts[2]) : text
    }
}

extension JSONValue {
    /// The texts in nested objects, by their keys, joined by dots.
    fileprivate func leaves(_ path: String = "") -> [(String, String)] {
        switch self {
        case .string(let text): [(path, text)]
        case .object(let members): members.flatMap { $1.leaves(path.isEmpty ? $0 : "\(path).\($0)") }
        default: []
        }
    }
}
