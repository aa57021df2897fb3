import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What a form can preview with its values, before anything is saved.
struct FormPreview: Sendable {
    enum Result: Sendable {
        case shown(PreviewResult)
        /// The API refuses a value, perhaps below a member of what was sent.
        case refused(APIAnswer, below: String? = nil)
    }

    /// Its section of the catalogue below `previews`, and the value of its button.
    let key: String
    /// Whether it runs while a person types, once there is an object to run it for.
    var isLive = false
    /// Its additional fields.
    let fields: @Sendable (PageRequest) async throws -> PreviewFields
    /// Receives the body as it would be saved, and the object's key unless it is new.
    let run: @Sendable (JSONValue, _ id: String?, PageRequest) async throws -> Result

    func isAsked(_ request: PageRequest) -> Bool { request.form["_try"] == key }

    /// What a page shows of it, with what came of it.
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

/// What the template `form-preview` shows.
struct PreviewModel: TemplateValue {
    let title: String
    let about: String
    let button: String
    let key: String
    let isLive: Bool
    let fields: PreviewFields
    let result: PreviewResult
}

/// What a preview asks for.
struct PreviewFields: TemplatePart {
    /// Whether it asks for anything.
    var asks = false
    var people = ""
    var groups = ""
    var isSample = false
    var providers: [ChoiceOption] = []
    var hasProviders = false
}

/// What came of a preview.
struct PreviewResult: TemplatePart {
    var hasResult = true
    var verdict = ""
    /// Of a connection.
    var findings: Findings?
    /// What is wrong with the expression of a mapping.
    var codeProblems: [String] = []
    /// What the mapping makes of each object.
    var results: [Object] = []

    struct Findings: TemplateValue {
        let list: [Finding]
    }

    /// What a check of a connection found.
    struct Finding: TemplateValue {
        /// The shape that stands for the level.
        let state: String
        let level: String
        let subject: String
        let message: String
    }

    /// Nothing was tried.
    static let none = PreviewResult(hasResult: false)

    /// What a mapping makes of an object.
    struct Object: TemplateValue {
        let name: String
        let word: String
        let shape: String
        let isOpen: Bool
        let sentence: String
        let message: String?
        let remedy: String?
        let changes: [ShownChange]
        let hasChanges: Bool
        let warnings: [String]
        let hasGraph: Bool
        let graph: String
        let hasLog: Bool
        let log: String
    }
}
