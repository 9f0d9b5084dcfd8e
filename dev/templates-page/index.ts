export { TemplateBoard } from './board';
export { templatesPageRoutes } from './routes';
export { PATH } from './view';
