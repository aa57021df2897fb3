import CausewayInstallation
import CausewayJSON
import CausewayModel
import Foundation

/// The words of the form of a provider, from the texts of the interface: a setting has the same name in both.
struct FormWords {
    private let texts: JSONValue

    /// The heading of settings that the form does not have.
    static let others = "Only on the command line and in the API"

    /// - Throws: ``UserError`` if the texts are not installed.
    static func load() throws -> FormWords {
        let file = Installation.resource("texts/en.json", of: "CausewayWeb")
        guard let texts = try? JSONValue(parsing: Data(contentsOf: file)), let form = texts["forms"]?["provider"] else {
            throw UserError("\(file.path) cannot be read; install the program again.")
        }
        return FormWords(texts: form)
    }

    /// The heading of a part of the form; settings outside the form have one of their own.
    func heading(of group: String?) -> String {
        group.flatMap { texts["groups"]?[$0]?.string } ?? Self.others
    }

    /// The label of a setting; its name with blanks if the form does not have it.
    func label<Record>(of field: Field<Record>) -> String {
        if let label = texts["fields"]?[field.name]?["label"]?.string { return label }
        let words = field.name.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    func choice<Record>(_ word: String, of field: Field<Record>) -> String {
        texts["fields"]?[field.name]?["choices"]?[word]?["label"]?.string ?? word.replacing("_", with: " ")
    }
}
