import CausewayHelp
import CausewayModel

/// The interface in a language: its texts, and its pages with them.
struct InterfaceEdition: Sendable {
    let texts: Texts
    let router: PageRouter

    /// - Throws: ``WebInterfaceError`` if the language's catalog cannot be read.
    init(_ resources: WebResources, _ shelf: ManualShelf, _ language: Language) throws {
        texts = try Texts(resources, language)
        router = PageRouter(Pages(texts: texts, shelf: shelf).routes)
    }
}
