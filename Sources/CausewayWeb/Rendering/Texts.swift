import CausewayJSON
import Foundation

/// All texts of the interface, by key, in one file for each language.
struct Texts: Sendable {
    let json: JSONValue

    /// - Throws: ``WebInterfaceError`` if the catalog cannot be read.
    init(_ resources: WebResources) throws {
        let file = resources.folder.appending(path: "texts/en.json")
        do { json = try JSONValue(parsing: Data(contentsOf: file)) } catch {
            throw WebInterfaceError("\(file.path) cannot be read (\(error)); install the program again")
        }
    }

    /// The text of a key such as `providers.create`; the key itself if there is none, which the tests detect.
    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String {
        var text = find(key) ?? key
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }

    /// The text for a number of things: `one` or `other` below a key, with the number in `{count}`.
    func callAsFunction(_ key: String, count: Int, _ values: [String: String] = [:]) -> String {
        let form = count == 1 ? "one" : count == 0 && find("\(key).none") != nil ? "none" : "other"
        return self("\(key).\(form)", values.merging(["count": Formatting.number(count)]) { $1 })
    }

    /// The text of a key, if there is one.
    func find(_ key: String) -> String? {
        key.split(separator: ".").reduce(JSONValue?.some(json)) { $0?[String($1)] }?.string
    }
}
