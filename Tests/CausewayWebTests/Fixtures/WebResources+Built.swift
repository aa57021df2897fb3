import Foundation

@testable import CausewayWeb

extension WebResources {
    /// The folder of all resources that were built.
    static let builtFolder = Bundle.module.bundleURL.deletingLastPathComponent()

    /// The templates, texts and assets that were built.
    static let built = WebResources(folder: builtFolder.appending(path: "Causeway_CausewayWeb.resources/Resources"))
}
