"""From articles to ranked answers.

Entry points: `kb_index.articles.loaders.load_articles` reads files,
`kb_index.storage.article_store.ArticleStore` keeps articles on disk and searchable while they change,
`kb_index.search.knowledge_base.KnowledgeBase` searches them in memory with a `kb_index.search.query.Query`.
"""
