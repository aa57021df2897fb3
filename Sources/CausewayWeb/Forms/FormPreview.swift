import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A preview of a form's values, before anything is saved.
struct FormPreview: Sendable {
    enum Result: Sendable {
        case shown(PreviewResult)
        /// The API refuses a value. The errors can be below a member of the body.
        case refused(APIAnswer, below: String? = nil)
    }

    /// Its section of the catalogue below `previews`, and the value of its button.
    let key: String
    /// Whether it runs while a person types, if an object is selected.
    var isLive = false
    /// Its additional fields.
    let fields: @Sendable (PageRequest) async throws -> PreviewFields
    /// Takes the body that would be saved, and the object's key unless the object is new.
    let run: @Sendable (JSONValue, _ id: String?, PageRequest) async throws -> Result

    func isAsked(_ request: PageRequest) -> Bool { request.form["_try"] == key }

    /// The content of the page, with the result.
    func model(_ request: PageRequest, _ result: PreviewResult, _ texts: Texts) async throws -> PreviewModel {
        PreviewModel(
            title: texts("previews.\(key).title"),
            about: texts("previews.\(key).about"),
            button: texts("previews.\(key).button"),
            key: key,
            isLive: isLive,
            fields: try await fields(request),
            result: result
        )
    }
}

/// The content of the template `form-preview`.
struct PreviewModel: TemplateValue {
    let title: String
    let about: String
    let button: String
    let key: String
    let isLive: Bool
    let fields: PreviewFields
    let result: PreviewResult
}

/// The fields of a preview.
struct PreviewFields: TemplatePart {
    /// Whether the preview has fields.
    var asks = false
    var people = ""
    var groups = ""
    var isSample = false
    var providers: [ChoiceOption] = []
    var hasProviders = false
}

/// The result of a preview.
struct PreviewResult: TemplatePart {
    var hasResult = true
    var verdict = ""
    /// The findings of a connection check.
    var findings: Findings?
    /// The errors in the expression of a mapping.
    var codeProblems: [String] = []
    /// What the mapping returns for each object.
    var results: [Object] = []

    struct Findings: TemplateValue {
        let list: [Finding]
    }

    /// A finding of a connection check.
    struct Finding: TemplateValue {
        /// The icon of the level.
        let state: String
        let level: String
        let subject: Message
        let message: Message
    }

    /// No preview was requested.
    static let none = PreviewResult(hasResult: false)

    /// What the mapping returns for an object.
    struct Object: TemplateValue {
        let name: String
        let word: String
        let shape: String
        let isOpen: Bool
        let sentence: String
        let message: Message?
        let remedy: Message?
        let changes: [ShownChange]
        let hasChanges: Bool
        let warnings: [Message]
        let hasGraph: Bool
        let graph: String
        let hasLog: Bool
        let log: String
    }
}
